/** Keeps the provider's own books: what each call sent, used and cost, and when its client left. */
@NullMarked
package dev.penstock.providersim.invoice;

import org.jspecify.annotations.NullMarked;
