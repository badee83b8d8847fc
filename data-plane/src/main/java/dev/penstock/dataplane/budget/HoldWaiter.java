package dev.penstock.dataplane.budget;

import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/**
 * An exchange that waits for money. Whoever takes it out of the desk's list ends it, on its own
 * context; so it ends once, though a grant and its timer may come together.
 */
final class HoldWaiter {

  private final List<BudgetRule> budgets;
  private final Claim claim;
  private final long amount;
  private final String shortOf;
  private final Context context;
  private final Promise<LeaseHold> promise = Promise.promise();
  private long timer; // only on the context

  /** What money is asked for. */
  sealed interface Claim {

    /** An exchange that is to begin. */
    record First(List<String> budgetIds) implements Claim {}

    /** One that goes on. */
    record More(LeaseHold hold) implements Claim {}
  }

  /** {@code shortOf} is the budget that it waits for, one of {@code budgets}. */
  HoldWaiter(
      List<BudgetRule> budgets, Claim claim, NanoUsd amount, String shortOf, Context context) {
    this.budgets = budgets;
    this.claim = claim;
    this.amount = amount.value();
    this.shortOf = shortOf;
    this.context = context;
  }

  Future<LeaseHold> await(long millis, Runnable onTimeout) {
    timer = context.owner().setTimer(millis, id -> onTimeout.run());
    return promise.future();
  }

  List<BudgetRule> budgets() {
    return budgets;
  }

  Claim claim() {
    return claim;
  }

  String shortOf() {
    return shortOf;
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
