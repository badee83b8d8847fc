package dev.penstock.dataplane.budget;

import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;

/**
 * An exchange that waits for money. Whoever takes it out of the desk's list ends it, on its own
 * context; so it ends once, though a grant and its timer may come together.
 */
final class HoldWaiter {

  private final List<BudgetRule> budgets;
  private final List<String> budgetIds;
  private final long amount;
  private final Context context;
  private final Promise<LeaseHold> promise = Promise.promise();
  private long timer; // only on the context

  HoldWaiter(List<BudgetRule> budgets, List<String> budgetIds, NanoUsd amount) {
    this.budgets = budgets;
    this.budgetIds = budgetIds;
    this.amount = amount.value();
    context = Objects.requireNonNull(Vertx.currentContext(), "a hold is asked for on a context");
  }

  Future<LeaseHold> await(long millis, Runnable onTimeout) {
    timer = context.owner().setTimer(millis, id -> onTimeout.run());
    return promise.future();
  }

  List<BudgetRule> budgets() {
    return budgets;
  }

  List<String> budgetIds() {
    return budgetIds;
  }

  long amount() {
    return amount;
  }

  void succeed(LeaseHold hold) {
    context.runOnContext(nothing -> {
      context.owner().cancelTimer(timer);
      promise.complete(hold);
    });
  }

  void fail(RuntimeException refusal) {
    context.runOnContext(nothing -> {
      context.owner().cancelTimer(timer);
      promise.fail(refusal);
    });
  }
}
