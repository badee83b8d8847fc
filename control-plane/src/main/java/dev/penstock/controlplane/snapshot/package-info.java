/**
 * Snapshots: compile, prove consistent, store. Publishing is the fleet's.
 *
 * <p>{@link dev.penstock.controlplane.snapshot.SnapshotStore} keeps what was compiled and tells the
 * publishers of all replicas.
 */
@NullMarked
package dev.penstock.controlplane.snapshot;

import org.jspecify.annotations.NullMarked;
