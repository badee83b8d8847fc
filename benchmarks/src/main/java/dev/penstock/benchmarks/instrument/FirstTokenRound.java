package dev.penstock.benchmarks.instrument;

/**
 * One round of {@link FirstToken}: from the request's last byte to the first content chunk.
 *
 * @param cpuMicrosPerStream CPU (user and system) of the target's own processes
 */
public record FirstTokenRound(
    int round,
    String target,
    long streams,
    double streamsPerSecond,
    long p50Micros,
    long p99Micros,
    double cpuMicrosPerStream,
    Checked checked)
    implements Round {}
