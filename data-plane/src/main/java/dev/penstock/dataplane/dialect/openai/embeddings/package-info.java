/**
 * OpenAI Embeddings, which Mistral's share: requests keep their bytes but for the model's name, and
 * of an answer only the usage is read. Nothing is ever translated, as numbers of one model mean
 * nothing to another.
 */
@NullMarked
package dev.penstock.dataplane.dialect.openai.embeddings;

import org.jspecify.annotations.NullMarked;
