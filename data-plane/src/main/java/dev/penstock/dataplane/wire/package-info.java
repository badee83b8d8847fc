/**
 * Proto types to and from our records; no other package sees generated classes.
 *
 * <p>{@link dev.penstock.dataplane.wire.SpoolRecords} makes the bytes of the spool, {@link
 * dev.penstock.dataplane.wire.PolicyReader} reads snapshots, {@link
 * dev.penstock.dataplane.wire.GrpcControlPlane} talks to the control plane.
 */
@NullMarked
package dev.penstock.dataplane.wire;

import org.jspecify.annotations.NullMarked;
