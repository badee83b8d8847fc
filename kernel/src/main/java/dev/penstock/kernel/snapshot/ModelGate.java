package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.policy.EffectivePolicy;

/** Which models a caller may ask for: those that its tenant and, where it is narrower, it may. */
@FunctionalInterface
public interface ModelGate {

  /** Whether a model may be used; also where no more than a record would be made of it. */
  boolean mayUse(String model);

  /** The gate of a caller that is not in the table of keys. */
  static ModelGate of(EffectivePolicy policy, Principal who) {
    return model ->
        policy.mayUse(model)
            && (policy.observed().keyModels()
                || who.models().isEmpty()
                || who.models().contains(model));
  }
}
