package dev.penstock.benchmarks.instrument;

/** One round of {@link FirstToken}: from the request's last byte to the first content chunk. */
public record FirstTokenRound(
    int round,
    String target,
    long streams,
    double streamsPerSecond,
    long p50Micros,
    long p99Micros,
    Checked checked)
    implements Round {}
