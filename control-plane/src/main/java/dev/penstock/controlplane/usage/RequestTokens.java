package dev.penstock.controlplane.usage;

/**
 * What a call used, as its record shows it. The counts of caches and of audio are parts of input
 * and output, {@code cacheWrite1h} one of {@code cacheWrite}.
 */
public record RequestTokens(
    long input,
    long cacheRead,
    long cacheWrite,
    long cacheWrite1h,
    long audioInput,
    long output,
    long reasoning,
    long audioOutput) {}
