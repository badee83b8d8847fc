package dev.penstock.controlplane.audit;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One event as it is appended; its index is given by the log. Never holds a secret, key or prompt.
 *
 * @param actor who did it: the author of a change, or the API key or subject of an exchange; {@link
 *     #UNKNOWN}: nobody knows
 * @param resource such as {@code Policy acme-health/default}; empty: not known
 * @param tenantPath from the root to the tenant concerned; empty for what the platform owns
 * @param before SHA-256 (hex) of the manifest as it was shown before; absent: there was none
 * @param after the same of the manifest afterwards
 * @param reason why it was refused or denied; of an exchange the error code
 * @param revision that a change made, or under which an exchange was denied; 0: none
 * @param requestId of an exchange
 * @param apiKeyId of an exchange; empty: none
 * @param occurrences how many there were: more than one of unknown callers only, of whom the rest
 *     tells of the newest
 */
public record AuditEvent(
    Instant at,
    String actor,
    Action action,
    String resource,
    List<String> tenantPath,
    Optional<String> before,
    Optional<String> after,
    Outcome outcome,
    String reason,
    long revision,
    Optional<UUID> requestId,
    String apiKeyId,
    long occurrences) {

  /** The actor of exchanges with a key that nobody knows, or with none. */
  public static final String UNKNOWN = "unknown";

  /** What was done, or asked for. */
  public enum Action {
    CREATE("create"),
    UPDATE("update"),
    DELETE("delete"),
    /** Of an API key: it has a successor of the same name. */
    ROTATE("rotate"),
    /** Of an API key: it stays known, and is refused. */
    REVOKE("revoke"),
    /** Of a revision: what it stated is stated again. */
    ROLLBACK("rollback"),
    /** Of a rollout in waves: it begins. */
    ROLLOUT_START("rollout.start"),
    /** The same: its gate or a node has stopped it. */
    ROLLOUT_STOP("rollout.stop"),
    /** The same: somebody has it go on. */
    ROLLOUT_RESUME("rollout.resume"),
    /** The same: all nodes that are connected have it in force. */
    ROLLOUT_FINISH("rollout.finish"),
    /** A write that was refused before it was clear what it would have done. */
    WRITE("write"),
    EXCHANGE_DENY("exchange.deny");

    private final String word;

    Action(String word) {
      this.word = word;
    }

    /** As the admin API and the database write it. */
    public String word() {
      return word;
    }
  }

  /** What came of it. */
  public enum Outcome {
    /** A change, in force. */
    DONE("done"),
    /** A write that the admin API refused. */
    REFUSED("refused"),
    /** An exchange that policy denied. */
    DENIED("denied");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    /** As the admin API and the database write it. */
    public String word() {
      return word;
    }
  }

  public AuditEvent {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(resource, "resource");
    tenantPath = List.copyOf(tenantPath);
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(apiKeyId, "apiKeyId");
    if (occurrences < 1) {
      throw new IllegalArgumentException("occurrences: " + occurrences + " (expected: at least 1)");
    }
  }

  /** A change of the state. */
  public static AuditEvent change(
      Instant at,
      String actor,
      Action action,
      String resource,
      List<String> tenantPath,
      Optional<String> before,
      Optional<String> after,
      long revision) {
    return new AuditEvent(
        at,
        actor,
        action,
        resource,
        tenantPath,
        before,
        after,
        Outcome.DONE,
        "",
        revision,
        Optional.empty(),
        "",
        1);
  }

  /** A write that changed nothing because it was refused. */
  public static AuditEvent refusedWrite(
      Instant at, String actor, Action action, String resource, String reason) {
    return withoutRevision(at, actor, action, resource, Outcome.REFUSED, reason);
  }

  /** Something was done that is no part of the state, and so of no revision. */
  public static AuditEvent deed(
      Instant at, String actor, Action action, String resource, String reason) {
    return withoutRevision(at, actor, action, resource, Outcome.DONE, reason);
  }

  private static AuditEvent withoutRevision(
      Instant at, String actor, Action action, String resource, Outcome outcome, String reason) {
    return new AuditEvent(
        at,
        actor,
        action,
        resource,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        outcome,
        reason,
        0,
        Optional.empty(),
        "",
        1);
  }

  /** An exchange that policy denied. */
  public static AuditEvent deniedExchange(
      Instant at,
      String actor,
      String resource,
      List<String> tenantPath,
      String code,
      long revision,
      UUID requestId,
      String apiKeyId) {
    return new AuditEvent(
        at,
        actor,
        Action.EXCHANGE_DENY,
        resource,
        tenantPath,
        Optional.empty(),
        Optional.empty(),
        Outcome.DENIED,
        code,
        revision,
        Optional.of(requestId),
        apiKeyId,
        1);
  }

  /** Whether nobody can be said to have done it, so that it may share an event with others. */
  public boolean isOfUnknown() {
    return actor.equals(UNKNOWN) && tenantPath.isEmpty() && apiKeyId.isEmpty();
  }
}
