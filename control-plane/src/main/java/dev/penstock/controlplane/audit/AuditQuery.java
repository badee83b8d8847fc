package dev.penstock.controlplane.audit;

import dev.penstock.controlplane.identity.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * Which events are asked for; what is absent does not narrow.
 *
 * @param tenant events of this tenant and of all below it
 * @param from at or after
 * @param to before
 * @param oldestFirst by index upwards, and not downwards
 * @param beyond the index after which the page begins, in that order
 * @param scope whose events may be among them; those of the platform itself are of no tenant
 */
record AuditQuery(
    Optional<String> actor,
    Optional<String> action,
    Optional<String> resource,
    Optional<String> tenant,
    Optional<String> outcome,
    Optional<Instant> from,
    Optional<Instant> to,
    boolean oldestFirst,
    Optional<Long> beyond,
    Scope scope,
    int limit) {}
