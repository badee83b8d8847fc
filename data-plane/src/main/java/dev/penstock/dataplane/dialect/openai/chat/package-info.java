/**
 * OpenAI Chat Completions as clients and providers write it.
 *
 * <p>Both sides speak the same dialect here, so bodies and streams keep their bytes but for what
 * the gateway has to change; nothing is parsed into a model and written back.
 */
@NullMarked
package dev.penstock.dataplane.dialect.openai.chat;

import org.jspecify.annotations.NullMarked;
