/**
 * Resources as files: read, with their secrets resolved here and nowhere else, applied and printed.
 *
 * <p>{@link dev.penstock.cli.manifest.ManifestFiles} reads, {@link
 * dev.penstock.cli.manifest.SecretValues} resolves, {@link dev.penstock.cli.manifest.ManifestApply}
 * sends; {@link dev.penstock.cli.manifest.PlanText} says what would change; {@link
 * dev.penstock.cli.manifest.Kind} knows where each kind lives in the admin API.
 */
@NullMarked
package dev.penstock.cli.manifest;

import org.jspecify.annotations.NullMarked;
