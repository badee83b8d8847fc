/**
 * Speaks the Embeddings API of OpenAI and of Mistral: vectors that depend on nothing but the input.
 */
@NullMarked
package dev.penstock.providersim.embeddings;

import org.jspecify.annotations.NullMarked;
