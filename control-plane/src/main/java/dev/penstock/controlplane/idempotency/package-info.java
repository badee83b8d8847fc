/**
 * Creates and applies that may be sent twice and happen once.
 *
 * <p>{@link dev.penstock.controlplane.idempotency.Idempotency} keeps the first answer in the
 * transaction of the write itself: there is no answer without its write, and no write without its
 * answer.
 */
@NullMarked
package dev.penstock.controlplane.idempotency;

import org.jspecify.annotations.NullMarked;
