/**
 * Speaks Chat Completions as OpenAI, Azure and vLLM do: the request, its chunks, its whole answer.
 */
@NullMarked
package dev.penstock.providersim.chat;

import org.jspecify.annotations.NullMarked;
