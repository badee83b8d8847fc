/**
 * How a revision reaches the nodes in waves: {@link dev.penstock.kernel.rollout.RolloutState} says
 * who may have it by now, and whether it goes on, by what it is shown of the fleet. It reads no
 * clock, sends nothing and keeps nothing.
 */
@NullMarked
package dev.penstock.kernel.rollout;

import org.jspecify.annotations.NullMarked;
