package dev.penstock.controlplane.enrolment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node's certificate as the admin API shows it.
 *
 * @param origin how it came to be known: {@code enrolled}, {@code renewed} or, of another
 *     authority, {@code presented}
 */
public record NodeCertificateView(
    String serial,
    String issuer,
    String node,
    String region,
    String origin,
    Instant issuedAt,
    Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable String revokedBy,
    @Nullable String reason) {}
