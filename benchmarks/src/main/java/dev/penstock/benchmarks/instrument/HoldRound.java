package dev.penstock.benchmarks.instrument;

/**
 * One round of {@link HoldCost}.
 *
 * @param nanos of one exchange
 * @param checked holds in place of streams; bad are those that found no money
 */
public record HoldRound(int round, String target, double nanos, Checked checked) implements Round {}
