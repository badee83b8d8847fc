package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.budget.Threshold;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.ThresholdAction;
import java.net.URI;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The budgets: each binds its owner and every tenant below. */
final class BudgetSentences {

  private BudgetSentences() {}

  static void write(World old, World now, Report report) {
    Set<ResourceRef> refs = new HashSet<>(old.budgets().keySet());
    refs.addAll(now.budgets().keySet());
    refs.stream()
        .sorted(Comparator.comparing(ResourceRef::toString))
        .forEach(ref -> {
          Budget before = old.budgets().get(ref);
          Budget after = now.budgets().get(ref);
          if (!Objects.equals(before, after)) {
            report.touchAll((after == null ? old : now).subtree(ref.owner()));
            write(name(ref), before, after, report);
          }
        });
  }

  private static void write(
      String name, @Nullable Budget before, @Nullable Budget after, Report report) {
    if (before == null || after == null) {
      Budget one = before == null ? after : before;
      if (one != null) {
        report.say(
            "budget %s of %s %s%s %s",
            name,
            one.amount(),
            one.span().each(),
            scope(one),
            before == null ? "now binds" : "no longer binds");
      }
      return;
    }
    int more = after.amount().compareTo(before.amount());
    if (more != 0) {
      report.say(
          "budget %s is %s from %s to %s",
          name, more > 0 ? "raised" : "lowered", before.amount(), after.amount());
    }
    if (!before.span().equals(after.span())) {
      report.say(
          "budget %s now counts %s (was: %s)", name, after.span().words(), before.span().words());
    }
    if (!scope(before).equals(scope(after))) {
      report.say("budget %s now counts %s (was: %s)", name, counted(after), counted(before));
    }
    if (!before.thresholds().equals(after.thresholds())) {
      report.say(
          "budget %s now acts at %s (was: at %s)",
          name, acts(after.thresholds()), acts(before.thresholds()));
    }
    if (!before.webhook().equals(after.webhook())) {
      report.say("budget %s now tells %s of alerts", name, told(after));
    }
    if (before.clampToFit() != after.clampToFit()) {
      report.say(
          "budget %s now %s requests that may cost more than is left",
          name, after.clampToFit() ? "limits the output of" : "refuses");
    }
    if (!before.mode().equals(after.mode())) {
      report.say("budget %s is now %s (was: %s)", name, after.mode(), before.mode());
    }
  }

  private static String name(ResourceRef ref) {
    return ref.owner() + "/" + ref.name();
  }

  private static String told(Budget budget) {
    return budget.webhook().map(webhook -> URI.create(webhook.url()).getHost()).orElse("nobody");
  }

  private static String acts(List<Threshold> thresholds) {
    return thresholds.stream()
        .map(each ->
            "%d%%: %s"
                .formatted(
                    each.atPercent(),
                    each.action() == ThresholdAction.ROUTE
                        ? "route " + each.route()
                        : each.action().word()))
        .collect(Collectors.joining(", "));
  }

  private static String counted(Budget budget) {
    String scope = scope(budget);
    return scope.isEmpty() ? "every request of its tenants" : "requests" + scope;
  }

  private static String scope(Budget budget) {
    BudgetScope scope = budget.scope();
    return scope.apiKey().map(key -> " with API key " + key).orElse("")
        + scope.subject().map(subject -> " of " + subject).orElse("")
        + scope.tag().map(tag -> " with tag %s=%s".formatted(tag.name(), tag.value())).orElse("")
        + scope.model().map(model -> " for model " + model).orElse("")
        + scope.provider().map(provider -> " at provider " + provider).orElse("");
  }
}
