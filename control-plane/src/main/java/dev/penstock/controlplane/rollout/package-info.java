/**
 * Revisions that reach the nodes in waves: who may have them by now, and whether they go on. What
 * decides is {@link dev.penstock.kernel.rollout.RolloutState}; here it is shown the fleet, kept in
 * the database and told to people.
 *
 * <p>{@link dev.penstock.controlplane.rollout.Rollouts} is what a write asks for waves and what the
 * fleet asks which nodes wait; {@link dev.penstock.controlplane.rollout.RolloutWatch} looks at the
 * one that is under way. It never compiles or sends a snapshot.
 */
@NullMarked
package dev.penstock.controlplane.rollout;

import org.jspecify.annotations.NullMarked;
