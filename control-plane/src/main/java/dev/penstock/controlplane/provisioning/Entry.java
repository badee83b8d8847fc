package dev.penstock.controlplane.provisioning;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How far the identity provider knows of a tenant.
 *
 * @param wantedRevision that changed something about it last
 * @param doneRevision up to which it knows; negative: nothing
 * @param dueAt when it is looked at next; absent: there is nothing to do
 * @param failures how often in a row it has failed
 * @param reason of the last failure, or what it waits for
 */
record Entry(
    String tenant,
    long wantedRevision,
    Instant wantedAt,
    long doneRevision,
    Optional<Instant> doneAt,
    Optional<Instant> dueAt,
    int failures,
    String reason) {

  Entry {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(wantedAt, "wantedAt");
    Objects.requireNonNull(doneAt, "doneAt");
    Objects.requireNonNull(dueAt, "dueAt");
    Objects.requireNonNull(reason, "reason");
  }

  /** What there is to do. */
  enum State {
    /** Nothing: it knows all. */
    DONE,
    /** It has not been told yet. */
    PENDING,
    /**
     * It knows all but what it has no counterpart for yet, such as somebody who never signed in.
     */
    WAITING,
    /** It refused, or could not be spoken to; that is tried again. */
    FAILED;

    @JsonValue
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  State state() {
    if (dueAt.isEmpty()) {
      return State.DONE;
    }
    if (failures > 0) {
      return State.FAILED;
    }
    return doneRevision < wantedRevision ? State.PENDING : State.WAITING;
  }
}
