/**
 * The path of one exchange, from the Vert.x edge through the list of steps to its record.
 *
 * <p>{@link dev.penstock.dataplane.exchange.ExchangePipeline} is the list; {@link
 * dev.penstock.dataplane.exchange.Stage} is what one step hands to the next. Everything of one
 * exchange lives on one event loop; nothing here decides anything.
 */
@NullMarked
package dev.penstock.dataplane.exchange;

import org.jspecify.annotations.NullMarked;
