package dev.penstock.controlplane.audit;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as the admin API shows it; what is not known or does not apply is null.
 *
 * @param index place in the log: later events have greater ones, gaps mean nothing
 * @param tenant the tenant concerned; null for what the platform owns
 * @param tenantPath from the root to that tenant, as the tree was then
 * @param beforeHash SHA-256, hex, of the manifest as it was shown before
 * @param afterHash the same of the manifest afterwards
 * @param revision that a change made, or under which an exchange was denied
 * @param occurrences how many there were: of callers whom nobody knows, all of a minute at a node
 *     share an event, which tells of the newest
 */
public record AuditEventView(
    long index,
    Instant at,
    String actor,
    String action,
    @Nullable String resource,
    @Nullable String tenant,
    List<String> tenantPath,
    @Nullable String beforeHash,
    @Nullable String afterHash,
    String outcome,
    @Nullable String reason,
    @Nullable Long revision,
    @Nullable UUID requestId,
    @Nullable String apiKeyId,
    long occurrences) {

  public AuditEventView {
    tenantPath = List.copyOf(tenantPath);
  }
}
