/** Turns away what a real provider turns away, and what must never leak out of a gateway. */
@NullMarked
package dev.penstock.providersim.refuse;

import org.jspecify.annotations.NullMarked;
