package dev.penstock.controlplane.enrolment;

import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditEvent.Action;
import dev.penstock.controlplane.audit.AuditEvent.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What auditors are told of nodes and their tokens; these changes make no revision. */
final class NodeEvents {

  private NodeEvents() {}

  static AuditEvent of(Instant at, String actor, Action action, String resource, String reason) {
    return new AuditEvent(
        at,
        actor,
        action,
        resource,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Outcome.DONE,
        reason,
        0,
        Optional.empty(),
        "");
  }
}
