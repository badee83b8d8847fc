package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.admission.ModelAccess.Question;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A request that nobody sends: a tenant's for a model, with a key that narrows nothing. */
record Probe(String tenant, String model) {

  private static final String NO_TENANT = "no such tenant";

  /** What would become of it: the deployments that could serve it, or the code of the refusal. */
  String outcome(ServingSnapshot snapshot, ModelAccess access, Instant now) {
    TenantPolicy policy = snapshot.content().tenants().get(tenant);
    if (policy == null) {
      return NO_TENANT;
    }
    Optional<String> suspended = policy.policy().suspendedBy();
    if (suspended.isPresent()) {
      return "suspended by " + suspended.get();
    }
    Question question =
        new Question(
            snapshot,
            policy.policy(),
            policy.policy()::mayUse,
            policy.policy().tags().keySet(),
            model);
    try {
      List<Candidate> candidates = access.candidates(question, access.find(question), now);
      return candidates.stream()
          .map(candidate -> candidate.deployment().name())
          .collect(Collectors.joining(", ", "served by ", ""));
    } catch (RefusedException refused) {
      return refused.refusal().code().text();
    }
  }
}
