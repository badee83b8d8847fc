/** Knows the shapes of OpenAI Chat Completions: the request, its chunks, its whole answer. */
@NullMarked
package dev.penstock.providersim.chat;

import org.jspecify.annotations.NullMarked;
