/** Speaks OpenAI's Responses API over HTTP: the request, its events, its response object. */
@NullMarked
package dev.penstock.providersim.responses;

import org.jspecify.annotations.NullMarked;
