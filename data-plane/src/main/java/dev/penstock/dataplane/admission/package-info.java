/**
 * May this model be used by this caller in this region; the answer leaves only candidates that may.
 */
@NullMarked
package dev.penstock.dataplane.admission;

import org.jspecify.annotations.NullMarked;
