package dev.penstock.controlplane.manifest;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of manifests, in the order in which they are written. */
public enum Kind {
  REGION("Region", "regions", Owner.PLATFORM),
  TENANT("Tenant", "tenants", Owner.PLATFORM),
  SECRET("Secret", "secrets", Owner.TENANT),
  PROVIDER("Provider", "providers", Owner.PLATFORM),
  MODEL("Model", "models", Owner.PLATFORM),
  ROUTE("Route", "routes", Owner.TENANT),
  GUARD("Guard", "guards", Owner.TENANT),
  POLICY("Policy", "policies", Owner.TENANT),
  API_KEY("ApiKey", "api-keys", Owner.TENANT),
  BUDGET("Budget", "budgets", Owner.TENANT),
  RATE_LIMIT("RateLimit", "rate-limits", Owner.TENANT),
  MEMBER("Member", "members", Owner.TENANT);

  /** Whose a resource is. */
  public enum Owner {
    PLATFORM,
    TENANT
  }

  private final String label;
  private final String path;
  private final Owner owner;

  Kind(String label, String path, Owner owner) {
    this.label = label;
    this.path = path;
    this.owner = owner;
  }

  /** As manifests write it. */
  public String label() {
    return label;
  }

  /** As paths write it. */
  public String path() {
    return path;
  }

  public Owner owner() {
    return owner;
  }

  public static Optional<Kind> ofLabel(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
  }

  /** A kind by its path and by whose it is. */
  public static Optional<Kind> ofPath(String path, Owner owner) {
    return Arrays.stream(values())
        .filter(kind -> kind.path.equals(path) && kind.owner == owner)
        .findFirst();
  }
}
