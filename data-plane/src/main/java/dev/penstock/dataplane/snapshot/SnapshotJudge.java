package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.kernel.snapshot.ServiceAccount;
import dev.penstock.kernel.snapshot.SnapshotCheck;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import dev.penstock.kernel.snapshot.SnapshotSignature;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a snapshot may be served. Pure: it changes nothing and remembers nothing.
 *
 * <p>What is wrong with a tenant's own resources concerns that tenant alone: its previous rules are
 * kept, and if it had none it is left out, so that its keys are refused. What is wrong with
 * anything else refuses the whole snapshot.
 */
final class SnapshotJudge {

  private final String region;
  private final List<PublicKey> signedBy;
  private final ResourceReader reader;

  SnapshotJudge(String region, List<PublicKey> signedBy, ResourceReader reader) {
    this.region = Objects.requireNonNull(region, "region");
    this.signedBy = List.copyOf(signedBy);
    this.reader = Objects.requireNonNull(reader, "reader");
  }

  /** The verdict. */
  sealed interface Verdict {

    record Passed(AppliedSnapshot applied) implements Verdict {}

    record Failed(List<ResourceError> errors) implements Verdict {}
  }

  /** Whether a snapshot may remove many tenants or keys at once. */
  enum MassDelete {
    REFUSED,
    ALLOWED
  }

  Verdict judge(
      SignedSnapshot offer,
      @Nullable AppliedSnapshot before,
      DeliveryKey deliveryKey,
      MassDelete massDelete) {
    Optional<ResourceError> forged = authenticity(offer, before);
    if (forged.isPresent()) {
      return new Verdict.Failed(List.of(forged.get()));
    }
    ResourceReader.Read read = reader.read(offer.tree().resources());
    List<ResourceError> errors = new ArrayList<>(read.errors());
    Set<String> bad = new TreeSet<>();
    if (!blame(read.errors(), bad)) {
      return new Verdict.Failed(errors);
    }
    List<ResourceError> found = SnapshotCheck.check(region, without(read.content(), bad));
    errors.addAll(found);
    if (!blame(found, bad)) {
      return new Verdict.Failed(errors);
    }
    PolicyContent content = withKept(read.content(), bad, before);
    if (before != null && massDelete == MassDelete.REFUSED) {
      List<ResourceError> lost = SnapshotCheck.checkMassDelete(before.serving().content(), content);
      if (!lost.isEmpty()) {
        return new Verdict.Failed(lost);
      }
    }
    return open(offer, content, deliveryKey, keptFrom(bad, before, content), errors);
  }

  /** Why it is not what the control plane wants of this node now; the content is not looked at. */
  Optional<ResourceError> authenticity(SignedSnapshot offer, @Nullable AppliedSnapshot before) {
    if (before != null && offer.revision() < before.serving().revision()) {
      return error(
          Code.STALE_REVISION,
          "revision %d (expected: at least %d)"
              .formatted(offer.revision(), before.serving().revision()));
    }
    if (!SnapshotDigest.same(offer.tree().digest(), offer.digest())) {
      return error(Code.DIGEST_MISMATCH, "the resources are not those of the digest");
    }
    if (signedBy.stream().noneMatch(key -> isSignedBy(key, offer))) {
      return error(Code.BAD_SIGNATURE, "not signed for region " + region + " by a pinned key");
    }
    return Optional.empty();
  }

  private boolean isSignedBy(PublicKey key, SignedSnapshot offer) {
    return SnapshotSignature.verify(
        key, region, offer.revision(), offer.digest(), offer.signature());
  }

  private static Optional<ResourceError> error(Code code, String message) {
    return Optional.of(new ResourceError("", code, message));
  }

  /** Adds the tenants that errors name; false if one concerns them all. */
  private static boolean blame(List<ResourceError> errors, Set<String> bad) {
    boolean tenantsOnly = true;
    for (ResourceError error : errors) {
      Optional<String> tenant = tenantOf(error.resourceKey());
      tenant.ifPresent(bad::add);
      tenantsOnly &= tenant.isPresent();
    }
    return tenantsOnly;
  }

  private static Optional<String> tenantOf(String resourceKey) {
    if (!resourceKey.startsWith(ResourceKeys.TENANT)) {
      return Optional.empty();
    }
    String rest = resourceKey.substring(ResourceKeys.TENANT.length());
    int slash = rest.indexOf('/');
    return slash < 1 ? Optional.empty() : Optional.of(rest.substring(0, slash));
  }

  private static PolicyContent without(PolicyContent content, Set<String> bad) {
    Map<String, TenantPolicy> tenants = new HashMap<>(content.tenants());
    tenants.keySet().removeAll(bad);
    Map<String, KeyRule> keys = new HashMap<>(content.keysById());
    keys.values().removeIf(key -> bad.contains(key.tenant()));
    Map<String, Map<String, RouteRule>> routes = new HashMap<>(content.routes());
    routes.keySet().removeAll(bad);
    Map<String, Map<String, Guard>> guards = new HashMap<>(content.guards());
    guards.keySet().removeAll(bad);
    return new PolicyContent(
        tenants,
        keys,
        content.models(),
        content.providers(),
        content.secrets(),
        content.peppers(),
        routes,
        guards);
  }

  private static PolicyContent withKept(
      PolicyContent now, Set<String> bad, @Nullable AppliedSnapshot before) {
    PolicyContent good = without(now, bad);
    if (bad.isEmpty() || before == null) {
      return good;
    }
    PolicyContent old = before.serving().content();
    Map<String, TenantPolicy> tenants = new HashMap<>(good.tenants());
    Map<String, KeyRule> keys = new HashMap<>(good.keysById());
    Map<String, Map<String, RouteRule>> routes = new HashMap<>(good.routes());
    Map<String, Map<String, Guard>> guards = new HashMap<>(good.guards());
    for (String tenant : bad) {
      // With what still leads somewhere: the catalogue is the newer one.
      Map<String, RouteRule> kept = new HashMap<>(old.routes().getOrDefault(tenant, Map.of()));
      kept.values().removeIf(route -> !leadsSomewhere(route, now));
      if (!kept.isEmpty()) {
        routes.put(tenant, Map.copyOf(kept));
      }
      // What a policy names of these and they lack is refused for, exchange by exchange.
      guards.put(tenant, old.guards().getOrDefault(tenant, Map.of()));
    }
    Set<String> askable = new HashSet<>(now.models().keySet());
    routes.values().forEach(byModel -> askable.addAll(byModel.keySet()));
    for (String tenant : bad) {
      TenantPolicy policy = old.tenants().get(tenant);
      if (policy != null) {
        tenants.put(tenant, kept(policy, Optional.ofNullable(now.tenants().get(tenant)), askable));
      }
    }
    for (KeyRule key : old.keysById().values()) {
      if (bad.contains(key.tenant()) && now.peppers().containsKey(key.pepperVersion())) {
        // A key that the refused resources revoke, or whose tenant they suspend, stays revoked:
        // refusing less is never safer.
        KeyRule newer = now.keysById().get(key.id());
        boolean refused =
            (newer != null && newer.revoked()) || isSuspended(tenants.get(key.tenant()));
        keys.putIfAbsent(key.id(), refused ? revoked(key) : key);
      }
    }
    return new PolicyContent(
        tenants,
        keys,
        good.models(),
        good.providers(),
        good.secrets(),
        good.peppers(),
        routes,
        guards);
  }

  private static boolean isSuspended(@Nullable TenantPolicy tenant) {
    return tenant != null && tenant.policy().suspendedBy().isPresent();
  }

  private static boolean leadsSomewhere(RouteRule route, PolicyContent content) {
    return route.groups().stream()
        .flatMap(List::stream)
        .allMatch(target ->
            Optional.ofNullable(content.models().get(target.model()))
                .flatMap(model -> model.deployment(target.deployment()))
                .isPresent());
  }

  /**
   * A kept policy meets a newer catalogue: what is gone from there cannot be allowed any more. What
   * the refused policy takes back is taken back all the same: its tenant is suspended if that says
   * so, and has no service account that is not in it; none at all where it cannot be read, as
   * nobody knows then which are left.
   */
  private static TenantPolicy kept(
      TenantPolicy policy, Optional<TenantPolicy> refused, Set<String> models) {
    EffectivePolicy old = policy.policy();
    Set<String> allowed = new HashSet<>(old.allowedModels());
    allowed.retainAll(models);
    List<ServiceAccount> accounts = new ArrayList<>(policy.serviceAccounts());
    accounts.retainAll(refused.map(TenantPolicy::serviceAccounts).orElse(List.of()));
    EffectivePolicy kept = old.withModels(allowed);
    return new TenantPolicy(
        policy.tenant(),
        refused
            .flatMap(newer -> newer.policy().suspendedBy())
            .map(kept::withSuspendedBy)
            .orElse(kept),
        policy.budgets(),
        policy.rateLimits(),
        policy.requires(),
        accounts);
  }

  private static KeyRule revoked(KeyRule key) {
    return new KeyRule(
        key.id(),
        key.hash(),
        key.pepperVersion(),
        key.tenant(),
        key.name(),
        key.models(),
        key.tags(),
        key.expiresAtUnixMillis(),
        true);
  }

  private static Map<String, SignedSnapshot> keptFrom(
      Set<String> bad, @Nullable AppliedSnapshot before, PolicyContent content) {
    Map<String, SignedSnapshot> kept = new HashMap<>();
    if (before != null) {
      bad.stream()
          .filter(content.tenants()::containsKey)
          .forEach(tenant -> kept.put(tenant, before.sourceOf(tenant)));
    }
    return kept;
  }

  private Verdict open(
      SignedSnapshot offer,
      PolicyContent content,
      DeliveryKey key,
      Map<String, SignedSnapshot> keptFrom,
      List<ResourceError> errors) {
    Map<String, Credential> credentials = new HashMap<>();
    Map<Integer, byte[]> peppers = new HashMap<>();
    List<ResourceError> sealed = new ArrayList<>();
    content
        .secrets()
        .forEach((name, secret) ->
            unseal(key, name, secret.sealed(), sealed)
                .ifPresent(value ->
                    credentials.put(
                        name,
                        new Credential(
                            secret.tenant() + "/" + secret.name(),
                            secret.version(),
                            new String(value, StandardCharsets.UTF_8),
                            secret.regions()))));
    content
        .peppers()
        .forEach((version, pepper) ->
            unseal(key, ResourceKeys.pepper(version), pepper.sealed(), sealed)
                .ifPresent(value -> peppers.put(version, value)));
    if (!sealed.isEmpty()) {
      return new Verdict.Failed(sealed);
    }
    ServingSnapshot serving =
        new ServingSnapshot(
            offer.revision(), offer.digest(), content, credentials, peppers, Set.of());
    return new Verdict.Passed(new AppliedSnapshot(serving, offer, keptFrom, errors));
  }

  private static Optional<byte[]> unseal(
      DeliveryKey key, String name, byte[] sealed, List<ResourceError> errors) {
    try {
      return Optional.of(key.open(name, sealed));
    } catch (IllegalArgumentException changed) {
      errors.add(new ResourceError(name, Code.BAD_VALUE, "cannot be opened with the region's key"));
      return Optional.empty();
    }
  }
}
