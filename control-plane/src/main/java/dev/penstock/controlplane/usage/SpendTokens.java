package dev.penstock.controlplane.usage;

/** What the calls of a row of spend used together. */
record SpendTokens(long input, long cacheRead, long cacheWrite, long output, long reasoning) {}
