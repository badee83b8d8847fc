package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.manifest.ResourceRef;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
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
            "budget %s of %s a %s%s %s",
            name,
            one.amount(),
            one.every(),
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
    if (!before.every().equals(after.every()) || !before.timeZone().equals(after.timeZone())) {
      report.say(
          "budget %s now counts by %s in %s (was: by %s in %s)",
          name, after.every(), after.timeZone(), before.every(), before.timeZone());
    }
    if (!scope(before).equals(scope(after))) {
      report.say("budget %s now counts %s (was: %s)", name, counted(after), counted(before));
    }
    if (!before.mode().equals(after.mode())) {
      report.say("budget %s is now %s (was: %s)", name, after.mode(), before.mode());
    }
  }

  private static String name(ResourceRef ref) {
    return ref.owner() + "/" + ref.name();
  }

  private static String counted(Budget budget) {
    String scope = scope(budget);
    return scope.isEmpty() ? "every request of its tenants" : "requests" + scope;
  }

  private static String scope(Budget budget) {
    return budget.apiKey().map(key -> " with API key " + key).orElse("")
        + budget.model().map(model -> " for model " + model).orElse("");
  }
}
