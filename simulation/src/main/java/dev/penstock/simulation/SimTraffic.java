package dev.penstock.simulation;

import dev.penstock.kernel.lease.Hold;
import dev.penstock.kernel.lease.Lease;
import dev.penstock.kernel.lease.LeaseBook.Outcome;
import dev.penstock.kernel.lease.NodeLeases;
import dev.penstock.simulation.Violation.Invariant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The requests of one process of a node: they wait for money, hold it, and end. */
final class SimTraffic {

  private static final Duration MAX_WAIT = Duration.ofMillis(150);

  private static final Duration TICK = Duration.ofMillis(100);

  /** How often an extension is asked for before the stream is cut. */
  private static final int TRIES = 3;

  /**
   * A request on its way.
   *
   * @param parts in which its worst case is held, one after the other as its stream goes on; 1: all
   *     of it before it begins
   */
  record Request(
      long id, List<String> budgetIds, long worstCase, long cost, Duration takes, int parts) {

    /** What is held once so many parts are. */
    long held(int count) {
      return Math.min(worstCase, Math.ceilDiv(worstCase, parts) * count);
    }

    /** What its provider charges at most while so many parts are held. */
    long spent(int count) {
      return isCovered(count) ? cost : held(count);
    }

    boolean isCovered(int count) {
      return count == parts || cost <= held(count);
    }
  }

  private record Waiting(Request request, long until) {}

  private final SimNode node;
  private final World world;
  private final Design design;
  private final SimNode.Outside outside;
  private final SimDisk disk;
  private final NodeLeases leases;
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<String, Long> beyondHolds = new HashMap<>();

  SimTraffic(
      SimNode node,
      World world,
      Design design,
      SimNode.Outside outside,
      SimDisk disk,
      NodeLeases leases) {
    this.node = node;
    this.world = world;
    this.design = design;
    this.outside = outside;
    this.disk = disk;
    this.leases = leases;
  }

  void arrive(Request request) {
    node.when(() -> {
      Waiting fresh = new Waiting(request, world.now() + MAX_WAIT.toNanos());
      if (!tryServe(fresh)) {
        waiting.add(fresh);
        if (node.isConnected()) {
          node.converse();
        }
      }
    });
  }

  /** Tries again for all that wait. */
  void serveWaiting() {
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting next = all.next();
      if (tryServe(next)) {
        all.remove();
      } else if (world.now() >= next.until()) {
        all.remove();
        outside.onRefused(next.request());
      }
    }
  }

  /** False if an answer may still help. */
  private boolean tryServe(Waiting waiting) {
    Request request = waiting.request();
    boolean stopped =
        design == Design.STOP_AT_EXPIRY && node.clock() - node.heardAt() > Scenario.TTL.toNanos();
    if (stopped) {
      outside.onRefused(request);
      return true;
    }
    return switch (leases.hold(request.budgetIds(), request.held(1))) {
      case Outcome.Held(Hold hold) -> {
        open(request, hold);
        yield true;
      }
      case Outcome.Short shortage -> {
        boolean no = leases.refusal(shortage, request.held(1), node.clock()).isPresent();
        if (no || !node.isConnected()) {
          outside.onRefused(request);
        }
        yield no || !node.isConnected();
      }
    };
  }

  private void open(Request request, Hold taken) {
    Hold hold = taken;
    if (design == Design.CHECK_THEN_ACT) {
      leases.settle(taken, 0, taken.leaseIds());
      hold = new Hold(taken.leaseIds(), 0);
    }
    disk.hold(request.id(), new SimDisk.OpenHold(hold.leaseIds(), request.held(1)));
    outside.onAdmitted(request);
    new Running(request, hold).begin();
  }

  /** A request whose provider is at work. */
  private final class Running {

    private final Request request;
    private Hold hold;
    private int covered = 1;

    Running(Request request, Hold hold) {
      this.request = request;
      this.hold = hold;
    }

    void begin() {
      outside.onCovered(hold.leaseIds(), request.held(1), request.spent(1));
      goOn();
    }

    /** More is asked for when half of the last part is used. */
    private void goOn() {
      if (request.isCovered(covered)) {
        long beyond = Math.max(0, request.cost() - request.worstCase());
        hold.leaseIds().forEach(id -> beyondHolds.merge(id, beyond, Long::sum));
      }
      checkLeases();
      Duration part = request.takes().dividedBy(request.parts());
      if (request.isCovered(covered)) {
        world.after(part, () -> node.when(this::end));
      } else {
        world.after(part.dividedBy(2), () -> node.when(() -> extend(TRIES)));
      }
    }

    private void extend(int tries) {
      long more = request.held(covered + 1) - request.held(covered);
      switch (leases.extend(hold, more)) {
        case Outcome.Held(Hold grown) -> {
          hold = grown;
          onExtended(more);
        }
        case Outcome.Short shortage -> {
          boolean no = leases.refusal(shortage, more, node.clock()).isPresent();
          if (no || !node.isConnected() || tries == 0) {
            end();
          } else {
            node.converse();
            world.after(TICK, () -> node.when(() -> extend(tries - 1)));
          }
        }
      }
    }

    /** It stands on the disk before the provider's next tokens rest on it. */
    private void onExtended(long more) {
      if (design != Design.UNWRITTEN_EXTENSIONS) {
        disk.extend(request.id(), more);
      }
      long before = request.spent(covered);
      covered++;
      outside.onCovered(hold.leaseIds(), more, request.spent(covered) - before);
      goOn();
    }

    private void end() {
      disk.settle(request.id(), request.spent(covered));
      leases.settle(hold, request.spent(covered), hold.leaseIds());
      serveWaiting();
    }
  }

  private void checkLeases() {
    if (design == Design.CHECK_THEN_ACT) {
      return; // what it breaks is to be seen from outside
    }
    for (Lease lease : leases.leases()) {
      long used = lease.consumed() + lease.reserved();
      long beyond = beyondHolds.getOrDefault(lease.leaseId(), 0L);
      if (used > lease.granted() - lease.returned() + beyond
          && lease.reserved() > 0
          && lease.state() == Lease.State.ACTIVE
          && beyond == 0) {
        throw new Violation(Invariant.NODE_WITHIN_GRANT, lease.toString());
      }
    }
  }
}
