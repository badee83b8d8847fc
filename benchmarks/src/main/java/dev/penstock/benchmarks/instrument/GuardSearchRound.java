package dev.penstock.benchmarks.instrument;

/**
 * One round of {@link GuardSearch}.
 *
 * @param micros of one search
 * @param checked searches in place of streams; bad are those that did not find just what there was
 */
public record GuardSearchRound(int round, String target, double micros, Checked checked)
    implements Round {}
