package dev.penstock.kernel.lease;

import java.util.List;
import java.util.Objects;

/**
 * Money set aside for one exchange on every budget that binds it: all or nothing. It ends exactly
 * once, by {@link LeaseBook#settle}.
 *
 * @param leaseIds one lease per budget, in the order of the budgets' ids; empty where no budget
 *     binds the exchange
 * @param amount the worst case, nano-USD, reserved on each
 */
public record Hold(List<String> leaseIds, long amount) {

  public Hold {
    leaseIds = List.copyOf(Objects.requireNonNull(leaseIds, "leaseIds"));
    if (amount < 0) {
      throw new IllegalArgumentException("amount: " + amount + " (expected: >= 0)");
    }
  }
}
