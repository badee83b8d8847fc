package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.snapshot.Rehearsal;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.kernel.snapshot.PersistentMap;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a new snapshot what it would decide before it decides anything, and tells what it decides
 * otherwise than the one in force.
 *
 * <p>Of at most {@value #MOST} requests: first those of tenants whose rules have changed, then of
 * any others. Each is a few look-ups, so that all of them cost less than a millisecond.
 */
public final class ProbeRequests implements Rehearsal {

  static final int MOST = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ProbeRequests.class);

  private final ModelAccess access;
  private final Clock clock;

  public ProbeRequests(String nodeRegion, Clock clock) {
    access = new ModelAccess(nodeRegion);
    this.clock = clock;
  }

  /**
   * A probe that is decided otherwise.
   *
   * @param before what became of it, by the snapshot in force
   * @param after what becomes of it now
   */
  record Difference(Probe probe, String before, String after) {

    @Override
    public String toString() {
      return "%s asks for %s: %s -> %s".formatted(probe.tenant(), probe.model(), before, after);
    }
  }

  @Override
  public void rehearse(@Nullable ServingSnapshot now, ServingSnapshot next) {
    List<Difference> differences = differences(now, next);
    if (!differences.isEmpty()) {
      LOG.info(
          "snapshot: revision {} decides {} of at most {} probe requests otherwise: {}",
          next.revision(),
          differences.size(),
          MOST,
          differences);
    }
  }

  /** None without a snapshot in force; then the probes only show that the new one can decide. */
  List<Difference> differences(@Nullable ServingSnapshot now, ServingSnapshot next) {
    Instant at = clock.instant();
    List<Difference> differences = new ArrayList<>();
    for (Probe probe : probes(now, next)) {
      String after = probe.outcome(next, access, at);
      String before = now == null ? after : probe.outcome(now, access, at);
      if (!before.equals(after)) {
        differences.add(new Difference(probe, before, after));
      }
    }
    return differences;
  }

  private static Collection<Probe> probes(@Nullable ServingSnapshot now, ServingSnapshot next) {
    PolicyContent before = now == null ? PolicyContent.EMPTY : now.content();
    PolicyContent after = next.content();
    PersistentMap<String, TenantPolicy> tenantsBefore = PersistentMap.copyOf(before.tenants());
    PersistentMap<String, TenantPolicy> tenantsAfter = PersistentMap.copyOf(after.tenants());
    Set<String> tenants = new LinkedHashSet<>();
    tenantsBefore.changedKeys(tenantsAfter).stream().limit(MOST).forEach(tenants::add);
    tenantsAfter.keySet().stream().limit(MOST).forEach(tenants::add);
    Set<Probe> probes = new LinkedHashSet<>();
    for (String tenant : tenants) {
      for (String model : models(tenant, List.of(before.tenants(), after.tenants()))) {
        if (probes.size() == MOST) {
          return probes;
        }
        probes.add(new Probe(tenant, model));
      }
    }
    return probes;
  }

  private static Set<String> models(String tenant, List<Map<String, TenantPolicy>> of) {
    Set<String> models = new TreeSet<>();
    for (Map<String, TenantPolicy> tenants : of) {
      TenantPolicy policy = tenants.get(tenant);
      if (policy != null) {
        models.addAll(policy.policy().allowedModels());
      }
    }
    return models;
  }
}
