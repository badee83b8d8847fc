package dev.penstock.benchmarks.instrument;

import dev.penstock.kernel.lease.Hold;
import dev.penstock.kernel.lease.LeaseBook;
import dev.penstock.kernel.lease.LeaseBook.Outcome;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What it costs a node to set an exchange's worst case aside on the budgets that bind it, and what
 * it costs with the settlement. In this process, on one thread, while the leases have room.
 */
public final class HoldCost implements InProcess<HoldRound> {

  /** Four million holds. */
  public static final int WARM_UP_ROUNDS = 4;

  /** What the goal speaks of. */
  public static final String HOLD = "hold on 3 budgets";

  private static final int BUDGETS = 3;
  private static final int BATCH = 1_000;
  private static final int BATCHES = 1_000;
  private static final long WORST_CASE = 1_000;
  private static final long COST = 10;

  private enum Clocked {
    HOLD,
    BOTH
  }

  private final String name;
  private final Clocked clocked;
  private final List<String> budgets =
      IntStream.range(0, BUDGETS)
          .mapToObj(budget -> new UUID(0x1000L * budget, budget).toString())
          .toList();
  private final LeaseBook book = new LeaseBook(() -> UUID.randomUUID().toString());

  /** The hold, and the hold with its settlement. */
  public static List<HoldCost> both() {
    return List.of(
        new HoldCost(HOLD, Clocked.HOLD), new HoldCost(HOLD + " and settle", Clocked.BOTH));
  }

  private HoldCost(String name, Clocked clocked) {
    this.name = name;
    this.clocked = clocked;
    book.hold(budgets, WORST_CASE);
    book.pendingAsks().forEach(ask -> book.onGranted(ask.leaseId(), Long.MAX_VALUE / 2));
  }

  @Override
  public String name() {
    return name;
  }

  /** One round of a million holds. */
  @Override
  public HoldRound measure(int round) {
    Hold[] held = new Hold[BATCH];
    long nanos = 0;
    long refused = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
      long began = System.nanoTime();
      for (int i = 0; i < BATCH; i++) {
        if (book.hold(budgets, WORST_CASE) instanceof Outcome.Held(Hold hold)) {
          held[i] = hold;
        } else {
          refused++;
        }
      }
      long holding = System.nanoTime() - began;
      for (Hold hold : held) {
        book.settle(hold, COST);
      }
      nanos += clocked == Clocked.HOLD ? holding : System.nanoTime() - began;
    }
    long all = (long) BATCH * BATCHES;
    return new HoldRound(round, name, (double) nanos / all, new Checked(all, refused, Map.of()));
  }
}
