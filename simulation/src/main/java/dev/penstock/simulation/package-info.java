/**
 * Whether budgets hold, tried out: the kernel's two sides of the lease protocol in virtual time,
 * over a network, machines and databases that fail, against providers that know what was truly
 * spent. Never part of an installation.
 *
 * <p>{@link dev.penstock.simulation.Run} is one seed, {@link dev.penstock.simulation.Simulate} the
 * program for many. {@link dev.penstock.simulation.Design} also has ways of building the protocol
 * that are wrong, so that the tests can see that these are found.
 */
@NullMarked
package dev.penstock.simulation;

import org.jspecify.annotations.NullMarked;
