package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.exchange.Stage.Routed;
import dev.penstock.dataplane.journal.ExchangeRecord.Caller;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.kernel.snapshot.BudgetScope.Asker;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which of a tenant's budgets an exchange has to fit in, whichever of its candidates serves. */
final class BindingBudgets {

  private BindingBudgets() {}

  /** Who asks, as budgets see it. */
  static Asker asker(Governed governed) {
    Caller caller = governed.identified().arrived().trace().caller();
    return new Asker(governed.identified().who(), caller.subject(), caller.tags());
  }

  static boolean binds(BudgetRule budget, Asker asker, Candidate candidate) {
    return budget.binds(asker, candidate.model().name(), candidate.provider().name());
  }

  /** Those that bind a call to any candidate. */
  static List<BudgetRule> of(Routed routed) {
    Governed governed = routed.admitted().governed();
    List<BudgetRule> stated = governed.policy().budgets();
    if (stated.isEmpty()) {
      return stated;
    }
    Asker asker = asker(governed);
    List<BudgetRule> binding = new ArrayList<>(stated.size());
    for (BudgetRule budget : stated) {
      for (Candidate candidate : routed.candidates()) {
        if (binds(budget, asker, candidate)) {
          binding.add(budget);
          break;
        }
      }
    }
    return binding;
  }

  /**
   * The exchange without the candidates that a budget binds: a provider or a model whose money is
   * used up leaves the others alone. Empty where nobody would be left.
   */
  static Optional<Routed> without(Routed routed, BudgetRule exhausted) {
    Asker asker = asker(routed.admitted().governed());
    List<Candidate> left =
        routed.candidates().stream()
            .filter(candidate -> !binds(exhausted, asker, candidate))
            .toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(new Routed(routed.recalled(), left));
  }
}
