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
import java.util.function.Consumer;

/** The requests of one process of a node: they wait for money, hold it, and end. */
final class SimTraffic {

  private static final Duration MAX_WAIT = Duration.ofMillis(150);

  /** A request on its way. */
  record Request(long id, List<String> budgetIds, long worstCase, long cost, Duration takes) {}

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
    return switch (leases.hold(request.budgetIds(), request.worstCase())) {
      case Outcome.Held(Hold hold) -> {
        open(request, hold);
        yield true;
      }
      case Outcome.Short shortage -> {
        boolean no = leases.refusal(shortage, request.worstCase(), node.clock()).isPresent();
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
    disk.hold(request.id(), new SimDisk.OpenHold(hold.leaseIds(), request.worstCase()));
    outside.onAdmitted(request);
    outside.onOpened(hold.leaseIds(), request);
    long beyond = Math.max(0, request.cost() - request.worstCase());
    hold.leaseIds().forEach(id -> beyondHolds.merge(id, beyond, Long::sum));
    checkLeases();
    Hold held = hold;
    Consumer<Hold> end =
        ended -> {
          disk.settle(request.id(), request.cost());
          leases.settle(ended, request.cost(), ended.leaseIds());
          serveWaiting();
        };
    world.after(request.takes(), () -> node.when(() -> end.accept(held)));
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
