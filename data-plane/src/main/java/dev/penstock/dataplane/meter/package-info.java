/** What was used: tokens from the provider's own count, or an estimate that says it is one. */
@NullMarked
package dev.penstock.dataplane.meter;

import org.jspecify.annotations.NullMarked;
