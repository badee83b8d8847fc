package dev.penstock.dataplane.policy;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.exchange.Stage.Identified;
import dev.penstock.dataplane.journal.ExchangeRecord.Caller;
import dev.penstock.dataplane.snapshot.Freshness;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The step {@code resolve}: one look-up in the pinned snapshot. */
public final class PolicyResolver {

  private static final String STEP = "resolve";
  private static final int RETRY_MILLIS = 1000;

  private final Freshness freshness;
  private final Duration maxStaleness;

  /**
   * @param maxStaleness how long a tenant is served by what may have been changed since
   */
  public PolicyResolver(Freshness freshness, Duration maxStaleness) {
    this.freshness = Objects.requireNonNull(freshness, "freshness");
    this.maxStaleness = Objects.requireNonNull(maxStaleness, "maxStaleness");
  }

  public Future<Governed> resolve(Identified identified) {
    KeyRule key = identified.key();
    TenantPolicy policy = identified.snapshot().content().tenants().get(key.tenant());
    if (policy == null) {
      // SnapshotCheck refuses a key without a tenant; should one get here, no verdict means no.
      identified.arrived().trace().deny(STEP, "tenant has no policy");
      return Future.failedFuture(
          Refusal.retryable(
                  Code.POLICY_STALE,
                  "This gateway node has no policy for the tenant yet.",
                  RETRY_MILLIS)
              .toException());
    }
    identified
        .arrived()
        .trace()
        .governed(
            new Caller(
                key.tenant(),
                policy.policy().tenantPath(),
                key.id(),
                key.name(),
                "",
                tags(policy, key)),
            identified.snapshot().revision());
    Duration age = freshness.age();
    if (age.compareTo(maxStaleness) > 0) {
      // What it would decide by may have been revoked or narrowed since: no verdict means no.
      identified.arrived().trace().deny(STEP, "policy is stale");
      return Future.failedFuture(
          Refusal.retryable(
                  Code.POLICY_STALE,
                  "This gateway node has not heard of its control plane for longer than it may serve"
                      + " without it.",
                  RETRY_MILLIS)
              .toException());
    }
    identified.arrived().trace().pass(STEP, "revision " + identified.snapshot().revision());
    return Future.succeededFuture(new Governed(identified, policy));
  }

  private static Map<String, String> tags(TenantPolicy policy, KeyRule key) {
    if (key.tags().isEmpty()) {
      return policy.policy().tags();
    }
    Map<String, String> tags = new HashMap<>(policy.policy().tags());
    tags.putAll(key.tags());
    return tags;
  }
}
