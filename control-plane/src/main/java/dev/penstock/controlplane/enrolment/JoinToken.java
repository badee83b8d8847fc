package dev.penstock.controlplane.enrolment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A one-time token as it is listed: without its secret, of which only a keyed hash is stored.
 *
 * @param node the only name that it is good for; null: a new node of the region, whatever its name
 * @param redeemedBy the node that has used it
 */
public record JoinToken(
    String id,
    String region,
    @Nullable String node,
    String role,
    String createdBy,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant redeemedAt,
    @Nullable String redeemedBy) {}
