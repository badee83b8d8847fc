/**
 * The nodes: one session each, over which they get snapshots and money and report what was used.
 *
 * <p>{@link dev.penstock.controlplane.fleet.SessionState} is the protocol, without I/O; {@link
 * dev.penstock.controlplane.fleet.Session} is the shell around it that waits, asks the database and
 * writes what {@link dev.penstock.controlplane.fleet.Outbox} puts in order; {@link
 * dev.penstock.controlplane.fleet.SnapshotPublisher} notices what was stored; {@link
 * dev.penstock.controlplane.fleet.Fleet} knows who is connected here and {@link
 * dev.penstock.controlplane.fleet.NodeRows} who is connected anywhere. {@code wire} holds the other
 * end of the line.
 */
@NullMarked
package dev.penstock.controlplane.fleet;

import org.jspecify.annotations.NullMarked;
