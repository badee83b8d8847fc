package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many budgets can bind one request. Money is held for every deployment that may serve, so
 * budgets of several models and providers bind together; but nobody asks with two keys or as two
 * subjects, and no tag has two values.
 */
public final class BudgetCount {

  private BudgetCount() {}

  /** What of a scope excludes other values of the same kind. */
  private record Choice(String kind, String value) {}

  /**
   * Never less than what binds a request; it is more only where somebody who is one of the one kind
   * (a key, a subject, a value of a tag) can never be one of the other.
   *
   * @param budgets all on a tenant's path
   */
  public static int most(Collection<BudgetRule> budgets) {
    int always = 0;
    Map<Choice, Integer> byChoice = new HashMap<>();
    for (BudgetRule budget : budgets) {
      Optional<Choice> choice = choice(budget);
      if (choice.isEmpty()) {
        always++;
      } else {
        byChoice.merge(choice.get(), 1, Integer::sum);
      }
    }
    Map<String, Integer> mostOfKind = new HashMap<>();
    byChoice.forEach((choice, count) -> mostOfKind.merge(choice.kind(), count, Math::max));
    return always + mostOfKind.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static Optional<Choice> choice(BudgetRule budget) {
    BudgetScope scope = budget.scope();
    return scope
        .apiKey()
        .map(key -> new Choice("key", budget.tenant() + "/" + key))
        .or(() -> scope.subject().map(subject -> new Choice("subject", subject)))
        .or(() -> scope.tag().map(tag -> new Choice("tag " + tag.name(), tag.value())));
  }
}
