package dev.penstock.kernel.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What becomes of a window when its budget is changed, money is short, or time passes. */
public final class WindowDecisions {

  private WindowDecisions() {}

  /**
   * Moves a window's limit to a target, as far as it can be now. A raise is funded at once. A cut
   * takes what is available at once; the rest, which is on leases or spent, is pending and taken
   * from whatever comes back.
   */
  public static Alignment align(WindowBalance window, long target) {
    List<Posting> postings = new ArrayList<>();
    if (target >= window.limit()) {
      WindowBalance funded =
          post(postings, window, Transfer.FUND, target - window.limit(), window.limitMoves() + 1);
      return new Alignment(funded.withPendingCut(0), postings);
    }
    long excess = window.limit() - target;
    long cut = Math.min(window.available(), excess);
    WindowBalance less = post(postings, window, Transfer.CUT, cut, window.limitMoves() + 1);
    return new Alignment(less.withPendingCut(excess - cut), postings);
  }

  /**
   * What was used in one step of a rolling window can be used again, now that the step has wholly
   * left it; but for what the window was overdrawn by, and what a lowered limit takes.
   *
   * @param step names the step within its window
   * @param amount what was used in it, nano-USD
   */
  public static Alignment age(WindowBalance window, String step, long amount) {
    List<Posting> postings = new ArrayList<>();
    long paidOff = Math.min(amount, window.overage());
    WindowBalance aged = post(postings, window, Transfer.AGE_OVER, paidOff, step);
    aged = post(postings, aged, Transfer.AGE, amount - paidOff, step);
    Alignment aligned = align(aged, aged.limit() - aged.pendingCut());
    postings.addAll(aligned.postings());
    return new Alignment(aligned.window(), postings);
  }

  /**
   * Whom to ask for money that is lacking: those who have most first, until twice as much has been
   * asked for, as it is not known what of theirs is reserved.
   *
   * @param leases active ones of the window, without those of who lacks it
   * @param lacking nano-USD
   * @return those leases of which more is to be recalled than is, with what is to be
   */
  public static List<LeaseBalance> recalls(List<LeaseBalance> leases, long lacking) {
    List<LeaseBalance> richest =
        leases.stream()
            .sorted(
                Comparator.comparingLong(LeaseBalance::rest)
                    .reversed()
                    .thenComparing(LeaseBalance::leaseId))
            .toList();
    List<LeaseBalance> asked = new ArrayList<>();
    long covered = 0;
    for (LeaseBalance lease : richest) {
      if (covered / 2 >= lacking) {
        break;
      }
      long part = Math.min(lease.rest(), lacking);
      covered += part;
      if (part > lease.recalled()) {
        asked.add(lease.withRecall(lease.givenBack() + part));
      }
    }
    return asked;
  }

  private static WindowBalance post(
      List<Posting> postings, WindowBalance window, Transfer transfer, long amount, Object what) {
    if (amount == 0) {
      return window;
    }
    String name = "%s|%s|%s".formatted(transfer, window.windowId(), what);
    postings.add(new Posting(transfer, Optional.empty(), amount, name));
    return window.after(transfer, amount);
  }
}
