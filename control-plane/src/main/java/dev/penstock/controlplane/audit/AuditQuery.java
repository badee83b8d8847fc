package dev.penstock.controlplane.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Which events are asked for; what is absent does not narrow.
 *
 * @param tenant events of this tenant and of all below it
 * @param from at or after
 * @param to before
 * @param before index below which the page begins
 */
record AuditQuery(
    Optional<String> actor,
    Optional<String> action,
    Optional<String> resource,
    Optional<String> tenant,
    Optional<String> outcome,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Long> before,
    int limit) {}
