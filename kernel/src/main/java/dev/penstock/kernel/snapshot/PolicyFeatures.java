package dev.penstock.kernel.snapshot;

import java.util.Set;

/** Names of the policy features that a tenant's policy may require of a node. */
public final class PolicyFeatures {

  public static final String MODELS = "models";
  public static final String RESIDENCY = "residency";
  public static final String REQUIRED_TAGS = "required-tags";
  public static final String BUDGETS = "budgets";

  /** Budgets that are narrowed to a subject, a provider or a tag. */
  public static final String BUDGET_SCOPES = "budget-scopes";

  /** Budgets that lead requests to other routes when so much is spent. */
  public static final String BUDGET_ROUTES = "budget-routes";

  public static final String UNKNOWN_PRICE_CEILING = "unknown-price-ceiling";

  /** Rules in observe mode: what they would deny goes on and is recorded. */
  public static final String OBSERVE = "observe";

  public static final String RATE_LIMITS = "rate-limits";

  /** A limit of staleness of a tenant's own. */
  public static final String MAX_STALENESS = "max-staleness";

  /** Guards on the input of requests. */
  public static final String INPUT_GUARDS = "input-guards";

  /** Guards that refuse what nobody can search. */
  public static final String UNSCANNABLE = "unscannable";

  /** HIPAA mode: what {@link dev.penstock.kernel.policy.Hipaa} asks for. */
  public static final String HIPAA = "hipaa";

  /** What this build enforces; a node refuses a policy that requires anything else. */
  public static final Set<String> ENFORCED =
      Set.of(
          MODELS,
          RESIDENCY,
          REQUIRED_TAGS,
          BUDGETS,
          BUDGET_SCOPES,
          BUDGET_ROUTES,
          UNKNOWN_PRICE_CEILING,
          OBSERVE,
          RATE_LIMITS,
          MAX_STALENESS,
          INPUT_GUARDS,
          UNSCANNABLE,
          HIPAA);

  private PolicyFeatures() {}
}
