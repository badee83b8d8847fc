/**
 * Measures what a stream costs through Penstock, beside the alternatives, in one run.
 *
 * <p>{@link dev.penstock.benchmarks.Bench} is the command, {@link dev.penstock.benchmarks.BenchRun}
 * the order of events. What is compared stands in {@link dev.penstock.benchmarks.target}, what is
 * measured in {@link dev.penstock.benchmarks.instrument}; {@link dev.penstock.benchmarks.load}
 * makes the traffic and checks every chunk of it, {@link dev.penstock.benchmarks.machine} reads the
 * kernel's figures, and {@link dev.penstock.benchmarks.report} turns rounds into medians with their
 * spread.
 */
@NullMarked
package dev.penstock.benchmarks;

import org.jspecify.annotations.NullMarked;
