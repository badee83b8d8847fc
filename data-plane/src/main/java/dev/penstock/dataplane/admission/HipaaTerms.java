package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.admission.ModelAccess.Question;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.Hipaa;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a tenant in HIPAA mode is served under, beside all that binds it anyway. Every refusal names
 * the condition that is not met, to the client and in the record.
 */
final class HipaaTerms {

  private HipaaTerms() {}

  /**
   * That guards search what goes in and what comes out. Not proven once when the snapshot is taken:
   * a node that refused it would go on by an older policy, which may know nothing of the mode.
   *
   * @throws RefusedException where a side has no enforced guard
   */
  static void requireGuards(Question question) {
    EffectivePolicy policy = question.policy();
    if (!policy.hipaa()) {
      return;
    }
    Set<Side> unguarded =
        Hipaa.unguarded(
            policy.guards(), guard -> question.content().guard(guard).map(Guard::searched));
    if (!unguarded.isEmpty()) {
      throw Refusal.of(
              Code.GUARD_BLOCKED,
              "The tenant is in HIPAA mode, in which a guard that is enforced has to search %s, and none does; the platform team has to name one in the tenant's policy."
                  .formatted(
                      unguarded.stream()
                          .map(HipaaTerms::searched)
                          .collect(Collectors.joining(" and "))))
          .toException(
              "hipaa: no enforced guard on "
                  + unguarded.stream().map(Side::word).collect(Collectors.joining(", ")));
    }
  }

  private static String searched(Side side) {
    return switch (side) {
      case INPUT -> "its requests";
      case OUTPUT -> "its answers";
    };
  }

  /** Whether a provider may serve a tenant; any may where the tenant is not in the mode. */
  static boolean mayServe(EffectivePolicy policy, Provider provider) {
    return !policy.hipaa() || provider.compliance().contains(Hipaa.COMPLIANCE);
  }

  static RefusedException noProvider(String model) {
    return Refusal.ofField(
            Code.MODEL_NOT_ALLOWED,
            "model",
            "The tenant is in HIPAA mode, and no provider of the model %s has the compliance %s; choose another model, or have the platform team mark a provider with which there is a business associate agreement."
                .formatted(model, Hipaa.COMPLIANCE))
        .toException("hipaa: no provider of the model has the compliance " + Hipaa.COMPLIANCE);
  }

  /** What was proven, for the record of a request that goes on. */
  static String proof(EffectivePolicy policy) {
    return policy.hipaa()
        ? "; hipaa: providers with %s, enforced guards on input and output"
            .formatted(Hipaa.COMPLIANCE)
        : "";
  }
}
