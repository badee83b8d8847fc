package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.audit.AuditEvent;
import java.util.Collection;
import java.util.List;

/** What the audit log says of the exchanges that policy denied. */
final class DeniedExchanges {

  private static final String DENIED = "denied";

  private DeniedExchanges() {}

  static List<AuditEvent> of(Collection<RequestRecord> records) {
    return records.stream()
        .filter(record -> record.outcome().equals(DENIED))
        .map(DeniedExchanges::event)
        .toList();
  }

  private static AuditEvent event(RequestRecord record) {
    RequestRecord.Caller caller = record.caller();
    return AuditEvent.deniedExchange(
        record.at(),
        actor(caller),
        // What the client wrote is in the record; here only names of the catalogue have a place.
        record.model().isEmpty() ? "" : "Model " + record.model(),
        path(caller),
        record.errorCode(),
        record.policyRevision(),
        record.id(),
        caller.apiKeyId());
  }

  private static String actor(RequestRecord.Caller caller) {
    if (!caller.subject().isEmpty()) {
      return caller.subject();
    }
    return caller.apiKey().isEmpty()
        ? AuditEvent.UNKNOWN
        : "ApiKey " + caller.tenant() + "/" + caller.apiKey();
  }

  /** A caller that was refused at the door is known by its tenant alone. */
  private static List<String> path(RequestRecord.Caller caller) {
    if (!caller.tenantPath().isEmpty()) {
      return caller.tenantPath();
    }
    return caller.tenant().isEmpty() ? List.of() : List.of(caller.tenant());
  }
}
