package dev.penstock.benchmarks.instrument;

/**
 * One round of {@link ChunkCost}. All costs are CPU seconds (user and system) per million chunks.
 *
 * @param helperCost of the processes that the target keeps busy: for Penstock control plane and
 *     database
 * @param transitP50Micros from the provider's writing of a chunk to the client's reading of it
 * @param checked all streams of the round, those outside the window too
 */
public record ChunkRound(
    int round,
    String target,
    double seconds,
    long chunks,
    double chunksPerSecond,
    double cost,
    double helperCost,
    double simulatorCost,
    double clientCost,
    long transitP50Micros,
    long transitP99Micros,
    Checked checked)
    implements Round {}
