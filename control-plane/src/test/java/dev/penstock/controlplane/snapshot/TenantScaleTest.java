package dev.penstock.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.policy.Policy;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.StateRules;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.controlplane.wire.PolicyEncoder;
import dev.penstock.kernel.policy.PolicyMode;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.TenantAlias;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** Ten thousand tenants in twelve levels: they are proven, folded, compiled and encoded. */
class TenantScaleTest {

  private static final Logger LOG = Logger.getLogger(TenantScaleTest.class);
  private static final int TENANTS = 10_000;
  private static final int MODELS = 20;
  private static final String SUSPENDED = "t-5000";

  @Test
  void foldsTenThousandTenantsInTwelveLevels() {
    PolicyState state = state();

    long start = System.nanoTime();
    List<StateRules.Broken> broken = StateRules.check(state);
    long proven = System.nanoTime();
    PolicyContent content =
        SnapshotCompiler.compile(
            "eu-west",
            new Folds(state),
            Map.of(),
            DeliveryKey.ofRegion(new byte[32], "eu-west"),
            TenantAlias::of);
    long compiled = System.nanoTime();
    List<Resource> resources = PolicyEncoder.encode(content);
    long encoded = System.nanoTime();

    LOG.infof(
        "%d tenants: proven in %d ms, compiled in %d ms, encoded in %d ms",
        TENANTS, millis(start, proven), millis(proven, compiled), millis(compiled, encoded));
    assertThat(broken).isEmpty();
    assertThat(content.tenants()).hasSize(TENANTS);
    assertThat(content.tenants().values())
        .extracting(tenant -> tenant.policy().tenantPath().size())
        .contains(TenantTree.MAX_LEVELS)
        .allMatch(levels -> levels <= TenantTree.MAX_LEVELS);
    Set<String> suspended =
        content.tenants().values().stream()
            .filter(tenant -> tenant.policy().tenantPath().contains(SUSPENDED))
            .map(PolicyContent.TenantPolicy::tenant)
            .collect(Collectors.toSet());
    assertThat(suspended).hasSizeBetween(1, TenantTree.MAX_LEVELS);
    assertThat(content.keysById().values())
        .allMatch(key -> key.revoked() == suspended.contains(key.tenant()));
    assertThat(resources).hasSize(2 * TENANTS + MODELS);
  }

  private static long millis(long from, long to) {
    return Duration.ofNanos(to - from).toMillis();
  }

  /** Chains of eleven below the root, each tenant with a policy and a key. */
  private static PolicyState state() {
    List<Tenant> tenants = new ArrayList<>();
    List<Policy> policies = new ArrayList<>();
    List<StoredKey> keys = new ArrayList<>();
    for (int i = 0; i < TENANTS; i++) {
      tenants.add(tenant(i));
      policies.add(policy(i));
      keys.add(key(i));
    }
    List<Model> models =
        IntStream.range(0, MODELS)
            .mapToObj(i ->
                new Model(
                    "m-" + i, Optional.empty(), Optional.empty(), List.of(), List.of(), List.of()))
            .toList();
    return PolicyState.of(
        List.of(), tenants, List.of(), List.of(), models, List.of(), policies, keys, List.of(),
        List.of(), List.of(), List.of());
  }

  private static Tenant tenant(int i) {
    boolean startsChain = i % (TenantTree.MAX_LEVELS - 1) == 1;
    Optional<String> parent =
        i == 0 ? Optional.empty() : Optional.of("t-" + (startsChain ? 0 : i - 1));
    return new Tenant(
        "t-" + i,
        parent,
        Optional.empty(),
        Optional.empty(),
        Map.of("unit", "u-" + i),
        i % 100 == 0 ? List.of("app") : List.of(),
        ("t-" + i).equals(SUSPENDED),
        Optional.empty());
  }

  private static Policy policy(int i) {
    Set<String> allowed = new HashSet<>();
    for (int m = 0; m < MODELS; m++) {
      if (m != i % MODELS) {
        allowed.add("m-" + m);
      }
    }
    PolicyMode mode = i % 7 == 0 ? PolicyMode.OBSERVE : PolicyMode.ENFORCE;
    return new Policy(
        "t-" + i, new PolicyRules(mode, Optional.of(allowed), Optional.empty(), Optional.empty()));
  }

  private static StoredKey key(int i) {
    return new StoredKey(
        "key-%06d".formatted(i),
        "t-" + i,
        "app",
        new byte[32],
        1,
        List.of(),
        Map.of(),
        Optional.empty(),
        Instant.EPOCH,
        false,
        false);
  }
}
