/**
 * Transactions for code that talks SQL itself: money and usage, which no object mapper may touch.
 */
@NullMarked
package dev.penstock.controlplane.database;

import org.jspecify.annotations.NullMarked;
