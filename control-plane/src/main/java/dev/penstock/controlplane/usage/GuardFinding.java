package dev.penstock.controlplane.usage;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What one rule of a guard's detector has found in some time; never the text.
 *
 * @param verdict what became of it
 * @param requests in so many requests, or their answers
 * @param finds so often
 */
@Schema(name = "GuardFinding")
public record GuardFinding(
    @Schema(description = "Its place in the guard's `detectors`, as the guard was then")
        int detector,
    String rule,
    @Schema(enumeration = {"input", "output"}) String side,
    @Schema(enumeration = {"block", "redact", "flag", "would block", "would redact"})
        String verdict,
    long requests,
    long finds) {}
