/**
 * Policy snapshots from above: collected, checked, stored on disk, put in force by one reference.
 *
 * <p>{@link dev.penstock.dataplane.snapshot.CurrentSnapshot} is what the exchange path reads.
 */
@NullMarked
package dev.penstock.dataplane.snapshot;

import org.jspecify.annotations.NullMarked;
