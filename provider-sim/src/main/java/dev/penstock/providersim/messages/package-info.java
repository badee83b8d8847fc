/** Speaks Anthropic's Messages API: the request, its events, its whole answer, its token count. */
@NullMarked
package dev.penstock.providersim.messages;

import org.jspecify.annotations.NullMarked;
