/**
 * What requests that keep their bytes have in common, whatever their dialect: reading the few
 * fields that the gateway has to know, showing texts to guards, changing a few ranges. It never
 * knows a dialect's fields.
 */
@NullMarked
package dev.penstock.dataplane.dialect.body;

import org.jspecify.annotations.NullMarked;
