package dev.penstock.kernel.ledger;

import dev.penstock.kernel.ledger.Decision.Verdict;
import dev.penstock.kernel.ledger.LeaseBalance.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A decision that is being made: balances as they are after what has been decided so far. */
final class Draft {

  private WindowBalance window;
  private LeaseBalance lease;
  private final List<Posting> postings = new ArrayList<>();

  Draft(WindowBalance window, LeaseBalance lease) {
    if (!lease.windowId().equals(window.windowId())) {
      throw new IllegalArgumentException(
          "lease %s is not of window %s".formatted(lease.leaseId(), window.windowId()));
    }
    this.window = window;
    this.lease = lease;
  }

  WindowBalance window() {
    return window;
  }

  LeaseBalance lease() {
    return lease;
  }

  /**
   * A transfer that is told apart from its like by the total that it leads to, or by its source.
   */
  void post(Transfer transfer, long amount, Object total) {
    if (amount == 0) {
      return;
    }
    String name = "%s|%s|%s".formatted(transfer, lease.leaseId(), total);
    postings.add(new Posting(transfer, Optional.of(lease.leaseId()), amount, name));
    window = window.after(transfer, amount);
    lease = lease.after(transfer, amount);
  }

  void grant(long amount) {
    post(Transfer.GRANT, amount, lease.granted() + amount);
  }

  /** Back to the window; {@code transfer} says why. */
  void giveUp(Transfer transfer, long amount) {
    post(transfer, amount, lease.returned() + amount);
  }

  void givenBack(long total) {
    lease = lease.withGivenBack(total);
  }

  void recall(long total) {
    lease = lease.withRecall(total);
  }

  /** A lease that is closed exposes nothing any more. */
  void move(Standing standing) {
    if (standing == Standing.CLOSED) {
      window = window.withExposure(window.exposure() - lease.exposed());
    }
    lease = lease.in(standing);
  }

  /** Moves the window's limit to what it is to be, as far as it can be now. */
  void align(long limit) {
    Alignment aligned = WindowDecisions.align(window, limit);
    window = aligned.window();
    postings.addAll(aligned.postings());
  }

  /** A lowered limit takes its part before anybody else can lease what has come back. */
  void align() {
    align(window.limit() - window.pendingCut());
  }

  Decision decide(Verdict verdict) {
    return new Decision(window, lease, postings, verdict);
  }
}
