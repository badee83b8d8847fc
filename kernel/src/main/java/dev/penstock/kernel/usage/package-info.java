/** Exactly-once counting of what nodes report, by one contiguous watermark per spool. */
@NullMarked
package dev.penstock.kernel.usage;

import org.jspecify.annotations.NullMarked;
