package dev.penstock.benchmarks.instrument;

import dev.penstock.benchmarks.machine.ProcessFigures.Memory;

/**
 * One round of {@link StalledClients}.
 *
 * @param free the peak while the same load was read freely
 * @param stalled the peak while nobody read
 * @param providerMegabytesPerClient what the provider could write to each connection before
 *     backpressure reached it; most of it stands in the kernel's buffers, not in the process
 */
public record StalledRound(
    int round,
    String target,
    int clients,
    Memory idle,
    Memory free,
    Memory stalled,
    double kibPerClientBeyondFree,
    double kibPerClientBeyondIdle,
    double providerMegabytesPerClient,
    Checked checked)
    implements Round {}
