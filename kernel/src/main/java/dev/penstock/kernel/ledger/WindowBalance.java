package dev.penstock.kernel.ledger;

import java.util.Objects;
import java.util.UUID;

/**
 * The balances of one window, nano-USD. What is where always adds up to what the budget allows and
 * what was used beyond it; a window that does not cannot be made.
 *
 * @param mode whether money of silent nodes may be lent anew
 * @param pendingCut what a lowered limit still has to take back
 * @param limitMoves how often the limit has been moved
 * @param exposure lent anew although a silent node may still spend it
 */
public record WindowBalance(
    UUID windowId,
    Mode mode,
    long limit,
    long pendingCut,
    long limitMoves,
    long available,
    long leased,
    long quarantined,
    long spent,
    long overage,
    long exposure) {

  /** What a budget does about money whose node is silent. */
  public enum Mode {
    /** It waits for the node: nothing is spent twice. */
    STRICT,
    /** A bounded part is lent anew: {@link LeaseDecisions#EXPOSURE_PARTS}. */
    AVAILABLE
  }

  public WindowBalance {
    Objects.requireNonNull(windowId, "windowId");
    Objects.requireNonNull(mode, "mode");
    boolean negative =
        limit < 0
            || pendingCut < 0
            || available < 0
            || leased < 0
            || quarantined < 0
            || spent < 0
            || overage < 0
            || exposure < 0;
    if (negative || available + leased + quarantined + spent != limit + overage) {
      throw new IllegalArgumentException(
          "window %s: available %d, leased %d, quarantined %d, spent %d; limit %d, overage %d, exposure %d"
              .formatted(
                  windowId, available, leased, quarantined, spent, limit, overage, exposure));
    }
  }

  /** A window that nobody has funded yet. */
  public static WindowBalance empty(UUID windowId, Mode mode) {
    return new WindowBalance(windowId, mode, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * The balances once a transfer is booked.
   *
   * @throws IllegalArgumentException if there is not as much where it comes from
   */
  WindowBalance after(Transfer transfer, long amount) {
    boolean moves = transfer == Transfer.FUND || transfer == Transfer.CUT;
    return new WindowBalance(
        windowId,
        mode,
        limit - change(transfer, amount, Account.LIMIT),
        pendingCut,
        limitMoves + (moves ? 1 : 0),
        available + change(transfer, amount, Account.AVAILABLE),
        leased + change(transfer, amount, Account.LEASED),
        quarantined + change(transfer, amount, Account.QUARANTINE),
        spent + change(transfer, amount, Account.SPENT),
        overage - change(transfer, amount, Account.OVERAGE),
        exposure + (transfer == Transfer.RELEASE ? amount : 0));
  }

  private static long change(Transfer transfer, long amount, Account account) {
    if (transfer.to() == account) {
      return amount;
    }
    return transfer.from() == account ? -amount : 0;
  }

  WindowBalance withPendingCut(long cut) {
    return new WindowBalance(
        windowId,
        mode,
        limit,
        cut,
        limitMoves,
        available,
        leased,
        quarantined,
        spent,
        overage,
        exposure);
  }

  WindowBalance withExposure(long other) {
    return new WindowBalance(
        windowId,
        mode,
        limit,
        pendingCut,
        limitMoves,
        available,
        leased,
        quarantined,
        spent,
        overage,
        other);
  }
}
