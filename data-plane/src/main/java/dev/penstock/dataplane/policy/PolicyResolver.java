package dev.penstock.dataplane.policy;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.exchange.Stage.Identified;
import dev.penstock.dataplane.journal.ExchangeRecord.Caller;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.Principal;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The step {@code resolve}: the policy that the look-up of the caller has found, if it may serve.
 */
public final class PolicyResolver {

  private static final String STEP = "resolve";
  private static final int RETRY_MILLIS = 1000;

  private final Staleness staleness;

  public PolicyResolver(Staleness staleness) {
    this.staleness = Objects.requireNonNull(staleness, "staleness");
  }

  public Future<Governed> resolve(Identified identified) {
    Principal who = identified.who();
    Caller known = identified.arrived().trace().caller();
    TenantPolicy policy = identified.policy();
    if (policy == null) {
      // SnapshotCheck refuses a caller without a tenant; should one get here, no verdict means no.
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
                known.tenant(),
                policy.policy().tenantPath(),
                known.apiKeyId(),
                known.apiKey(),
                known.subject(),
                tags(policy, who)),
            identified.snapshot().revision());
    if (staleness.isTooGreat(policy)) {
      // What it would decide by may have been revoked or narrowed since: no verdict means no.
      boolean hipaa = policy.policy().hipaa();
      identified
          .arrived()
          .trace()
          .deny(STEP, hipaa ? "policy is stale: hipaa: too old for HIPAA mode" : "policy is stale");
      return Future.failedFuture(
          Refusal.retryable(
                  Code.POLICY_STALE,
                  "This gateway node has not been up to date with its control plane for longer than"
                      + " the tenant%s may be served without it."
                          .formatted(hipaa ? ", which is in HIPAA mode," : ""),
                  RETRY_MILLIS)
              .toException());
    }
    identified.arrived().trace().pass(STEP, "revision " + identified.snapshot().revision());
    return Future.succeededFuture(new Governed(identified, policy));
  }

  private static Map<String, String> tags(TenantPolicy policy, Principal who) {
    if (who.tags().isEmpty()) {
      return policy.policy().tags();
    }
    Map<String, String> tags = new HashMap<>(policy.policy().tags());
    tags.putAll(who.tags());
    return tags;
  }
}
