package dev.penstock.benchmarks.instrument;

import dev.penstock.benchmarks.machine.ProcessFigures.Memory;

/**
 * One round of {@link OpenStreams}.
 *
 * @param openStreams how many were open when memory was read
 * @param kibPerStream resident memory beyond that of the idle process
 */
public record OpenRound(
    int round,
    String target,
    int openStreams,
    Memory idle,
    Memory open,
    double kibPerStream,
    Checked checked)
    implements Round {}
