/**
 * Money and prices in integers: what so many tokens cost, to the nano-USD.
 *
 * <p>Never a floating-point number; a product is rounded up once per line item.
 */
@NullMarked
package dev.penstock.kernel.money;

import org.jspecify.annotations.NullMarked;
