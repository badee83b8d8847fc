/**
 * The node's side of the one conversation with the control plane: snapshots, leases, usage, signs
 * of life, in one order over one stream.
 *
 * <p>{@link dev.penstock.dataplane.session.NodeSession} runs it on a thread of its own; it knows
 * the control plane as {@link dev.penstock.dataplane.session.ControlPlane}, which {@code wire}
 * implements over gRPC.
 */
@NullMarked
package dev.penstock.dataplane.session;

import org.jspecify.annotations.NullMarked;
