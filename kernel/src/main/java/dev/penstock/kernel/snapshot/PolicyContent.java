package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.policy.EffectivePolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a snapshot says, as records: the control plane compiles it, the node serves from it, and
 * {@link SnapshotCheck} judges it on both sides. Secrets and peppers are sealed.
 */
public record PolicyContent(
    Map<String, TenantPolicy> tenants,
    Map<String, KeyRule> keysById,
    Map<String, Model> models,
    Map<String, Provider> providers,
    Map<String, SealedSecret> secrets,
    Map<Integer, SealedPepper> peppers) {

  public static final PolicyContent EMPTY =
      new PolicyContent(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  public PolicyContent {
    tenants = Map.copyOf(tenants);
    keysById = Map.copyOf(keysById);
    models = Map.copyOf(models);
    providers = Map.copyOf(providers);
    secrets = Map.copyOf(secrets);
    peppers = Map.copyOf(peppers);
  }

  /**
   * @param requires names of {@link PolicyFeatures} that a node has to enforce
   */
  public record TenantPolicy(
      String tenant, EffectivePolicy policy, List<BudgetRule> budgets, Set<String> requires) {
    public TenantPolicy {
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(policy, "policy");
      budgets = List.copyOf(budgets);
      requires = Set.copyOf(requires);
    }
  }

  /**
   * A budget's scope; the money in it comes by leases.
   *
   * @param budgetId UUID in its text form
   */
  public record BudgetRule(
      String budgetId,
      String tenant,
      String name,
      Optional<String> apiKeyId,
      Optional<String> model) {
    public BudgetRule {
      Objects.requireNonNull(budgetId, "budgetId");
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(apiKeyId, "apiKeyId");
      Objects.requireNonNull(model, "model");
    }

    /** Whether a request has to fit in this budget. */
    public boolean binds(String keyId, String modelName) {
      return apiKeyId.map(keyId::equals).orElse(true) && model.map(modelName::equals).orElse(true);
    }
  }

  /**
   * @param hash HMAC-SHA-256 of the key, 32 bytes; shared, never changed
   * @param models narrows the tenant's allow-list; empty does not
   * @param expiresAtUnixMillis 0: never
   */
  public record KeyRule(
      String id,
      byte[] hash,
      int pepperVersion,
      String tenant,
      String name,
      Set<String> models,
      Map<String, String> tags,
      long expiresAtUnixMillis,
      boolean revoked) {
    public KeyRule {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(hash, "hash");
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
      models = Set.copyOf(models);
      tags = Map.copyOf(tags);
    }
  }

  /**
   * @param contextTokens 0: not stated
   * @param maxOutputTokens 0: not stated
   */
  public record Model(
      String name,
      long contextTokens,
      long maxOutputTokens,
      List<Price> prices,
      List<Deployment> deployments) {
    public Model {
      Objects.requireNonNull(name, "name");
      prices = List.copyOf(prices);
      deployments = List.copyOf(deployments);
    }
  }

  /**
   * @param weight share of the traffic relative to its siblings; 0 only as a fallback
   * @param prices hold instead of the model's where there are any
   */
  public record Deployment(
      String name, String provider, String upstreamModel, int weight, List<Price> prices) {
    public Deployment {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(provider, "provider");
      Objects.requireNonNull(upstreamModel, "upstreamModel");
      prices = List.copyOf(prices);
    }
  }

  /**
   * @param region empty: unknown
   * @param secretKey key of the secret's resource; empty where the credential may not be in the
   *     snapshot's region, so that this provider cannot be used from there
   */
  public record Provider(
      String name,
      String protocol,
      String baseUrl,
      String region,
      String secretKey,
      Set<String> compliance) {
    public Provider {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(protocol, "protocol");
      Objects.requireNonNull(baseUrl, "baseUrl");
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(secretKey, "secretKey");
      compliance = Set.copyOf(compliance);
    }
  }

  /** An upstream credential, sealed under its resource key. */
  public record SealedSecret(
      String tenant, String name, int version, byte[] sealed, Set<String> regions) {
    public SealedSecret {
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(sealed, "sealed");
      regions = Set.copyOf(regions);
    }
  }

  /** A pepper of the API keys' hashes, sealed under its resource key. */
  public record SealedPepper(int version, byte[] sealed) {
    public SealedPepper {
      Objects.requireNonNull(sealed, "sealed");
    }
  }
}
