/**
 * Mistral's chat completions: near to OpenAI's in its words, stricter in what it takes, and with
 * answers in another order. It shares OpenAI's readers and writers where both say the same, and
 * never sends what OpenAI alone knows.
 */
@NullMarked
package dev.penstock.dataplane.dialect.mistral;

import org.jspecify.annotations.NullMarked;
