package dev.penstock.benchmarks.instrument;

/**
 * One round of {@link LookUp}.
 *
 * @param nanos of one look-up
 * @param checked look-ups in place of streams; bad are those that did not find their tenant
 */
public record LookUpRound(int round, String target, double nanos, Checked checked)
    implements Round {}
