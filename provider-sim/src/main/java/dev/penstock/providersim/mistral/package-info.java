/** Speaks Mistral's Chat Completions, which look like OpenAI's and take much less. */
@NullMarked
package dev.penstock.providersim.mistral;

import org.jspecify.annotations.NullMarked;
