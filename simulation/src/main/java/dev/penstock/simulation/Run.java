package dev.penstock.simulation;

import dev.penstock.kernel.lease.Lease;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.WindowBalance;
import dev.penstock.kernel.ledger.WindowBalance.Mode;
import dev.penstock.simulation.Message.FromNode;
import dev.penstock.simulation.Message.Sender;
import dev.penstock.simulation.Violation.Invariant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One seed: a fleet under faults, then quiet, then the sums. Everything is checked while it happens
 * and once more at the end.
 */
public final class Run {

  private final long seed;
  private final Design design;
  private final World world;
  private final Scenario scenario;
  private final SimLedger ledger;
  private final SimControl control;
  private final Fleet fleet;
  private final Oracle oracle;
  private final Set<UUID> lostSpools = new HashSet<>();
  private long admitted;
  private long refused;
  private long requests;

  /**
   * What became of a seed.
   *
   * @param violation what must never happen and did; the run ended there
   * @param overspendNanoUsd spent above what is allowed; 0: nothing
   * @param lostEvents records on disks that were not lost that are not booked when all is quiet
   * @param duplicateEvents records that were booked again
   * @param usedShare of the windows that anybody used, how much was spent in the end
   */
  public record Outcome(
      long seed,
      Optional<Violation> violation,
      long overspendNanoUsd,
      long lostEvents,
      long duplicateEvents,
      long admitted,
      long refused,
      double usedShare) {}

  private Run(long seed, Design design) {
    this.seed = seed;
    this.design = design;
    SplittableRandom random = new SplittableRandom(seed);
    scenario = Scenario.draw(random);
    world = new World(random);
    ledger = new SimLedger(scenario, design);
    oracle = new Oracle(this::bound);
    Network network = new Network(world, scenario);
    fleet = new Fleet(world, scenario, design, network, new Outside());
    control = new SimControl(world, design, ledger, fleet::say);
    fleet.join(control);
  }

  /** Runs a seed to its end, or to the first violation. */
  public static Outcome of(long seed, Design design) {
    return new Run(seed, design).run();
  }

  private Outcome run() {
    try {
      fleet.start();
      Faults.inject(world, scenario, fleet, control, ledger, lostSpools);
      for (String name : fleet.names()) {
        requests(name);
      }
      world.runUntil(Scenario.FAULTY);
      fleet.calm();
      world.runUntil(Scenario.FAULTY.plus(Scenario.SETTLING));
      checkQuiet();
      return outcome(Optional.empty());
    } catch (Violation violation) {
      return outcome(Optional.of(violation));
    } catch (IllegalArgumentException | IllegalStateException impossible) {
      // The kernel refuses to make balances that do not add up.
      return outcome(
          Optional.of(
              new Violation(
                  Invariant.ROWS_ARE_THEIR_ENTRIES,
                  String.valueOf(impossible.getMessage()),
                  impossible)));
    }
  }

  private Outcome outcome(Optional<Violation> violation) {
    long limit = ledger.books().windows().stream().mapToLong(WindowBalance::limit).sum();
    long spent = ledger.books().windows().stream().mapToLong(WindowBalance::spent).sum();
    return new Outcome(
        seed,
        violation,
        oracle.worstOverspend(),
        violation.isPresent() ? 0 : fleet.unacknowledged(),
        ledger.usage().duplicates(),
        admitted,
        refused,
        limit == 0 ? 0 : (double) spent / limit);
  }

  /** What may be spent in a window: what its limit is now, which falls only as money comes back. */
  private long bound(UUID windowId) {
    long limit = ledger.books().window(windowId).limit();
    return scenario.mode() == Mode.STRICT
        ? limit
        : limit + ledger.books().window(windowId).exposure();
  }

  private void requests(String name) {
    Duration pause =
        world.exponential(Duration.ofNanos((long) (1e9 / scenario.requestsPerSecond())));
    world.after(
        pause,
        () -> {
          if (world.now() < Scenario.FAULTY.toNanos()) {
            fleet.process(name).ifPresent(node -> node.arrive(request()));
            requests(name);
          }
        });
  }

  private SimTraffic.Request request() {
    long worstCase = Math.max(1, world.random().nextLong(scenario.largestHold() + 1));
    long cost = world.random().nextLong(worstCase / 10, worstCase + 1);
    if (world.chance(scenario.beyondHold())) {
      cost = worstCase + world.random().nextLong(worstCase);
    }
    Duration takes = world.exponential(Duration.ofSeconds(1));
    Duration capped = takes.compareTo(Scenario.MAX_STREAM) > 0 ? Scenario.MAX_STREAM : takes;
    int parts = world.random().nextBoolean() ? 1 : world.random().nextInt(2, 6);
    return new SimTraffic.Request(requests++, budgets(), worstCase, cost, capped, parts);
  }

  /** The first budget binds everybody, the others some. */
  private List<String> budgets() {
    List<String> bound = new ArrayList<>();
    bound.add(SimLedger.budgetId(0));
    for (int budget = 1; budget < scenario.budgets(); budget++) {
      if (world.random().nextBoolean()) {
        bound.add(SimLedger.budgetId(budget));
      }
    }
    return bound;
  }

  private final class Outside implements SimNode.Outside {

    @Override
    public void send(Sender from, FromNode message) {
      fleet.toControl(from, message);
    }

    @Override
    public void onCovered(List<String> leaseIds, long held, long spent) {
      for (String leaseId : leaseIds) {
        UUID windowId = ledger.books().lease(UUID.fromString(leaseId)).windowId();
        oracle.onCovered(windowId, held, spent);
      }
    }

    @Override
    public void onAdmitted(SimTraffic.Request request) {
      admitted++;
    }

    @Override
    public void onRefused(SimTraffic.Request request) {
      refused++;
    }
  }

  /** Nothing fails any more and nothing is on its way: now everything adds up. */
  private void checkQuiet() {
    ledger.books().checkAll();
    Map<UUID, Long> presumed = new HashMap<>();
    for (LeaseBalance lease : ledger.books().leases()) {
      presumed.merge(lease.windowId(), lease.presumed(), Long::sum);
      boolean isHome =
          switch (lease.standing()) {
            case CLOSED -> lease.rest() == 0;
            case QUARANTINED -> lease.rest() == 0 && lostSpools.contains(lease.spoolId());
            case ACTIVE -> fleet.knows(lease);
          };
      if (!isHome) {
        throw new Violation(Invariant.ALL_COMES_HOME, lease.toString());
      }
    }
    for (WindowBalance window : ledger.books().windows()) {
      long records =
          ledger.usage().booked(window.windowId()) + presumed.getOrDefault(window.windowId(), 0L);
      if (window.spent() != records) {
        throw new Violation(
            Invariant.BOOKED_AS_RECORDED, "%s, records %d".formatted(window, records));
      }
    }
    if (fleet.unacknowledged() > 0 || ledger.usage().duplicates() > 0) {
      throw new Violation(
          Invariant.RECORDS_ONCE,
          "%d not booked, %d booked again"
              .formatted(fleet.unacknowledged(), ledger.usage().duplicates()));
    }
    checkNoFalseRefusal();
  }

  /** What the window has, and what the node has free, is one node's for the asking. */
  private void checkNoFalseRefusal() {
    String name = fleet.names().getFirst();
    SimNode node = fleet.process(name).orElseThrow();
    String budgetId = SimLedger.budgetId(0);
    Optional<Lease> own =
        node.leases().stream()
            .filter(lease -> lease.budgetId().equals(budgetId))
            .filter(lease -> lease.state() == Lease.State.ACTIVE)
            .findFirst();
    if (own.isEmpty()) {
      return;
    }
    UUID windowId = ledger.books().lease(UUID.fromString(own.get().leaseId())).windowId();
    long amount = ledger.books().window(windowId).available() + own.get().free();
    if (amount <= 0) {
      return;
    }
    long before = admitted;
    node.arrive(
        new SimTraffic.Request(
            requests++, List.of(budgetId), amount, amount, Duration.ofMillis(1), 1));
    world.runUntil(Duration.ofNanos(world.now()).plusMillis(500));
    if (admitted == before) {
      throw new Violation(
          Invariant.NO_FALSE_REFUSAL,
          "%d refused to %s; %s".formatted(amount, own.get(), ledger.books().window(windowId)));
    }
  }

  @Override
  public String toString() {
    return "seed %d, %s: %s".formatted(seed, design, scenario);
  }
}
