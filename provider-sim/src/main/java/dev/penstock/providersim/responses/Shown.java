package dev.penstock.providersim.responses;

/**
 * What the client asked to see.
 *
 * @param summary thoughts, which otherwise are only counted
 * @param sealed thoughts that can be sent back, unreadable
 * @param obfuscation a random text in every delta, against guessing from sizes
 */
record Shown(boolean summary, boolean sealed, boolean obfuscation) {}
