package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.manifest.Durations;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.UnknownPrice;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The tenants, and what binds each of them in the end. */
final class TenantSentences {

  private final String name;
  private final EffectivePolicy before;
  private final EffectivePolicy after;
  private final Report report;

  private TenantSentences(
      String name, EffectivePolicy before, EffectivePolicy after, Report report) {
    this.name = name;
    this.before = before;
    this.after = after;
    this.report = report;
  }

  static void write(World old, World now, Report report) {
    SortedSet<String> names = new TreeSet<>(old.tenants().keySet());
    names.addAll(now.tenants().keySet());
    for (String name : names) {
      place(name, old.tenants().get(name), now.tenants().get(name), report);
      EffectivePolicy before = old.policies().get(name);
      EffectivePolicy after = now.policies().get(name);
      if (before != null && after != null && !before.equals(after)) {
        report.touch(name);
        new TenantSentences(name, before, after, report).write();
      }
    }
  }

  private static void place(
      String name, @Nullable Tenant before, @Nullable Tenant after, Report report) {
    if (after == null) {
      report.touch(name);
      report.say("tenant %s is deleted", name);
    } else if (before == null) {
      report.touch(name);
      report.say("tenant %s is created %s", name, below(after.parent()));
    } else if (!before.parent().equals(after.parent())) {
      report.touch(name);
      report.say(
          "tenant %s moves: %s (was: %s)", name, below(after.parent()), below(before.parent()));
    }
  }

  private static String below(Optional<String> parent) {
    return parent.map(each -> "below " + each).orElse("as the root");
  }

  private void write() {
    writeLife();
    missing(before.allowedModels(), after.allowedModels())
        .forEach(model -> report.say("tenant %s loses model %s", name, model));
    missing(after.allowedModels(), before.allowedModels())
        .forEach(model -> report.say("tenant %s gains model %s", name, model));
    writeResidency();
    missing(after.requiredTags(), before.requiredTags())
        .forEach(tag -> report.say("requests of tenant %s must now carry the tag %s", name, tag));
    missing(before.requiredTags(), after.requiredTags())
        .forEach(
            tag -> report.say("requests of tenant %s need no longer carry the tag %s", name, tag));
    writeTags();
    writeGuards();
    if (!before.unknownPrice().equals(after.unknownPrice())) {
      report.say(
          "for tenant %s a model of unknown price %s (was: %s)",
          name, words(after.unknownPrice()), words(before.unknownPrice()));
    }
    if (!before.maxStaleness().equals(after.maxStaleness())) {
      report.say(
          "a policy of tenant %s may be %s (was: %s)", name, staleness(after), staleness(before));
    }
  }

  private static String staleness(EffectivePolicy policy) {
    return policy
        .maxStaleness()
        .map(most -> "stale for " + Durations.format(most))
        .orElse("stale for as long as the node allows");
  }

  private void writeLife() {
    if (!before.suspendedBy().equals(after.suspendedBy())) {
      report.say(
          "tenant %s is %s",
          name,
          after.suspendedBy().map(by -> "suspended with " + by).orElse("no longer suspended"));
    }
    if (!before.observed().equals(after.observed())) {
      report.say(
          after.observed().equals(ObservedRules.NONE)
              ? "everything that binds tenant %s is enforced"
              : "tenant %s has rules that are observed and not enforced",
          name);
    }
  }

  private void writeResidency() {
    if (before.residency().isEmpty() && after.residency().isPresent()) {
      report.say(
          "tenant %s may be in %s only (was: in any region)",
          name, listed(after.residency().get()));
      return;
    }
    if (before.residency().isPresent() && after.residency().isEmpty()) {
      report.say(
          "tenant %s may now be in any region (was: in %s only)",
          name, listed(before.residency().get()));
      return;
    }
    Set<String> old = before.residency().orElse(Set.of());
    Set<String> now = after.residency().orElse(Set.of());
    missing(old, now)
        .forEach(region -> report.say("tenant %s may no longer be in %s", name, region));
    missing(now, old).forEach(region -> report.say("tenant %s may now be in %s", name, region));
  }

  private void writeGuards() {
    Map<String, Boolean> old = guards(before);
    Map<String, Boolean> now = guards(after);
    missing(old.keySet(), now.keySet())
        .forEach(guard -> report.say("requests of tenant %s no longer pass guard %s", name, guard));
    now.forEach((guard, observed) -> {
      if (!observed.equals(old.get(guard))) {
        report.say(
            "requests of tenant %s %s guard %s",
            name, observed ? "are only observed by" : "must now pass", guard);
      }
    });
  }

  /** Whether they only observe, by their names. */
  private static Map<String, Boolean> guards(EffectivePolicy policy) {
    Map<String, Boolean> guards = new TreeMap<>();
    policy.guards().forEach(guard -> guards.put(guard.label(), guard.observed()));
    return guards;
  }

  private void writeTags() {
    Map<String, String> old = before.tags();
    Map<String, String> now = after.tags();
    missing(old.keySet(), now.keySet())
        .forEach(tag -> report.say("requests of tenant %s no longer carry %s", name, tag));
    new TreeMap<>(now)
        .forEach((tag, value) -> {
          if (!value.equals(old.get(tag))) {
            report.say("requests of tenant %s now carry %s=%s", name, tag, value);
          }
        });
  }

  private static String words(UnknownPrice price) {
    return switch (price) {
      case UnknownPrice.Refuse refuse -> "is refused";
      case UnknownPrice.Ceiling ceiling ->
          "costs %s per million tokens".formatted(new NanoUsd(ceiling.price().nanoUsdPerMillion()));
    };
  }

  private static String listed(Set<String> names) {
    return names.isEmpty() ? "no region" : String.join(", ", new TreeSet<>(names));
  }

  /** What is in the one and not in the other, by name. */
  static SortedSet<String> missing(Set<String> from, Set<String> in) {
    SortedSet<String> missing = new TreeSet<>(from);
    missing.removeAll(in);
    return missing;
  }
}
