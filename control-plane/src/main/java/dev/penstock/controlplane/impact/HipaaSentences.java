package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.Hipaa;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who enters and leaves HIPAA mode, and whose requests are refused in it for want of a guard: nodes
 * would say so request by request, and whoever changes a policy should know before.
 */
final class HipaaSentences {

  private HipaaSentences() {}

  static void write(World old, World now, Report report) {
    for (String tenant : new TreeSet<>(now.policies().keySet())) {
      boolean before = isOn(old, tenant);
      boolean after = isOn(now, tenant);
      if (before != after) {
        report.touch(tenant);
        report.say("tenant %s is %s HIPAA mode", tenant, after ? "in" : "no longer in");
      }
      Set<Side> unguarded = unguarded(now, tenant);
      if (!unguarded.isEmpty() && !unguarded.equals(unguarded(old, tenant))) {
        report.touch(tenant);
        report.say(
            "every request of tenant %s is refused: HIPAA mode needs an enforced guard on %s",
            tenant, unguarded.stream().map(Side::word).collect(Collectors.joining(" and on ")));
      }
    }
  }

  private static boolean isOn(World world, String tenant) {
    return Optional.ofNullable(world.policies().get(tenant))
        .filter(EffectivePolicy::hipaa)
        .isPresent();
  }

  private static Set<Side> unguarded(World world, String tenant) {
    @Nullable EffectivePolicy policy = world.policies().get(tenant);
    return policy == null || !policy.hipaa()
        ? Set.of()
        : Hipaa.unguarded(
            policy.guards(),
            guard ->
                Optional.ofNullable(
                        world
                            .guards()
                            .get(ResourceRef.ofTenant(Kind.GUARD, guard.tenant(), guard.name())))
                    .map(StatedGuard::searched));
  }
}
