package dev.penstock.dataplane.authenticate;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Identified;
import dev.penstock.dataplane.journal.ExchangeRecord.Caller;
import dev.penstock.dataplane.snapshot.CurrentSnapshot;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.dataplane.token.TokenCheck;
import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.snapshot.KeyTable.Found;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The step {@code identify}. Unknown, malformed and mismatched keys get one and the same answer, so
 * that nobody learns which ids exist.
 */
public final class Authenticator {

  static final String STEP = "identify";

  private final CurrentSnapshot snapshots;
  private final ApiKeyCheck keys;
  private final Optional<AccountAuthenticator> accounts;
  private final Clock clock;

  /**
   * @param accounts knows service accounts by their tokens; empty: tokens are refused
   */
  public Authenticator(
      CurrentSnapshot snapshots,
      ApiKeyCheck keys,
      Optional<AccountAuthenticator> accounts,
      Clock clock) {
    this.snapshots = snapshots;
    this.keys = keys;
    this.accounts = accounts;
    this.clock = clock;
  }

  public Future<Identified> identify(Arrived arrived) {
    ServingSnapshot snapshot = snapshots.get();
    if (snapshot == null) {
      return refuse(
          arrived,
          "no policy has arrived yet",
          Refusal.retryable(
              Code.POLICY_STALE, "This gateway node has no policy yet; try again shortly.", 1000));
    }
    arrived.trace().decidedBy(snapshot.revision());
    Optional<String> credential =
        Optional.ofNullable(arrived.asked().credential())
            .filter(text -> text.length() <= TokenCheck.MAX_TOKEN_LENGTH);
    if (accounts.isPresent() && credential.filter(TokenCheck::isToken).isPresent()) {
      return accounts.get().identify(arrived, snapshots, credential.get());
    }
    Optional<ApiKey> key = credential.flatMap(ApiKey::parse);
    if (key.isEmpty()) {
      return refuse(arrived, "no well-formed key", unknownKey());
    }
    Found found = snapshot.keys().find(key.get());
    if (found == null || !keys.matches(snapshot, found, key.get())) {
      return refuse(arrived, "key is not known", unknownKey());
    }
    KeyRule rule = found.rule();
    arrived
        .trace()
        .identified(new Caller(rule.tenant(), path(found), rule.id(), rule.name(), "", Map.of()));
    if (found.isRevoked() || snapshot.revokedKeyIds().contains(rule.id())) {
      return refuseRevoked(arrived, found);
    }
    if (found.hasExpired(clock.millis())) {
      return refuse(
          arrived,
          "key has expired",
          Refusal.of(
              Code.KEY_EXPIRED,
              "This API key has expired; ask the tenant's administrator for a new one."));
    }
    arrived.trace().pass(STEP, "API key " + (rule.name().isEmpty() ? rule.id() : rule.name()));
    return Future.succeededFuture(new Identified(arrived, snapshot, rule, found.policy(), found));
  }

  /** A suspended tenant's keys come as revoked; who suspended it is the better answer. */
  private static Future<Identified> refuseRevoked(Arrived arrived, Found found) {
    TenantPolicy policy = found.policy();
    Optional<String> suspended = policy == null ? Optional.empty() : policy.policy().suspendedBy();
    if (suspended.isPresent()) {
      return refuseSuspended(arrived, suspended.get(), "API key");
    }
    return refuse(
        arrived,
        "key is revoked",
        Refusal.of(
            Code.KEY_REVOKED,
            "This API key has been revoked; ask the tenant's administrator for a new one."));
  }

  /** Known before the key's state is judged, so that a refusal is recorded under the whole path. */
  private static List<String> path(Found found) {
    TenantPolicy policy = found.policy();
    return policy == null ? List.of() : policy.policy().tenantPath();
  }

  /**
   * @param by the tenant that is suspended
   * @param what stops with it
   */
  static Future<Identified> refuseSuspended(Arrived arrived, String by, String what) {
    return refuse(
        arrived,
        "tenant " + by + " is suspended",
        Refusal.of(
            Code.KEY_REVOKED,
            "The tenant %s is suspended, and with it this %s; ask the platform team."
                .formatted(by, what)));
  }

  static Future<Identified> refuse(Arrived arrived, String reason, Refusal refusal) {
    arrived.trace().deny(STEP, reason);
    return Future.failedFuture(refusal.toException());
  }

  private static Refusal unknownKey() {
    return Refusal.of(
        Code.INVALID_API_KEY,
        "The API key is missing or not valid; send `Authorization: Bearer pens_…` with a key of"
            + " your tenant.");
  }
}
