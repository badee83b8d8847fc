package dev.penstock.dataplane.budget;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who waits for money, in the order of arrival. Guarded by the desk's lock. */
final class HoldWaiters {

  /** For one budget, so that one that is slow to answer takes no place from others. */
  static final int MOST_OF_A_BUDGET = 1_000;

  /** For all together: with each answer, every one of them tries again. */
  private static final int MOST = 4_000;

  private final Set<HoldWaiter> all = new LinkedHashSet<>();
  private final Map<String, Integer> byBudget = new HashMap<>();

  boolean hasRoom(String budgetId) {
    return all.size() < MOST && byBudget.getOrDefault(budgetId, 0) < MOST_OF_A_BUDGET;
  }

  void add(HoldWaiter waiter) {
    all.add(waiter);
    byBudget.merge(waiter.shortOf(), 1, Integer::sum);
  }

  /** Whether it waited still. */
  boolean remove(HoldWaiter waiter) {
    if (!all.remove(waiter)) {
      return false;
    }
    byBudget.computeIfPresent(waiter.shortOf(), (id, count) -> count == 1 ? null : count - 1);
    return true;
  }

  List<HoldWaiter> inOrder() {
    return all.isEmpty() ? List.of() : List.copyOf(all);
  }
}
