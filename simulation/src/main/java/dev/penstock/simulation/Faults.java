package dev.penstock.simulation;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/** What goes wrong, and when. */
final class Faults {

  private final World world;
  private final Scenario scenario;
  private final Fleet fleet;
  private final SimControl control;
  private final SimLedger ledger;
  private final Set<UUID> lostSpools;

  private Faults(
      World world,
      Scenario scenario,
      Fleet fleet,
      SimControl control,
      SimLedger ledger,
      Set<UUID> lostSpools) {
    this.world = world;
    this.scenario = scenario;
    this.fleet = fleet;
    this.control = control;
    this.ledger = ledger;
    this.lostSpools = lostSpools;
  }

  /**
   * Lets things go wrong until a run's faulty time is over.
   *
   * @param lostSpools is told which spools went with their disks
   */
  static void inject(
      World world,
      Scenario scenario,
      Fleet fleet,
      SimControl control,
      SimLedger ledger,
      Set<UUID> lostSpools) {
    new Faults(world, scenario, fleet, control, ledger, lostSpools).next();
  }

  private void next() {
    world.after(
        world.exponential(scenario.faultEvery()),
        () -> {
          if (world.now() < Scenario.FAULTY.toNanos()) {
            happen();
            next();
          }
        });
  }

  private void happen() {
    String name = fleet.names().get(world.random().nextInt(fleet.names().size()));
    switch (world.random().nextInt(10)) {
      case 0, 1, 2 -> {
        fleet.partition(name);
        world.after(seconds(1, 20), () -> fleet.heal(name));
      }
      case 3, 4 -> kill(name, false);
      case 5 -> kill(name, true);
      case 6 -> fleet.process(name).ifPresent(node -> node.pause(seconds(1, 15)));
      case 7 -> {
        control.stop();
        fleet.onControlDown();
        world.after(seconds(0, 4), control::start);
      }
      case 8 -> {
        control.stop();
        fleet.onControlDown();
        world.after(
            seconds(1, 4),
            () -> {
              control.start();
              control.onDatabaseFailover();
            });
      }
      default -> {
        control.jump(seconds(-20, 20));
        int budget = world.random().nextInt(scenario.budgets());
        ledger.changeLimit(budget, (long) (scenario.limit() * world.random().nextDouble(0.4, 1.6)));
      }
    }
  }

  private void kill(String name, boolean withDisk) {
    fleet
        .process(name)
        .ifPresent(node -> {
          node.kill();
          if (withDisk) {
            lostSpools.add(fleet.loseDisk(name));
          }
          world.after(seconds(0, 12), () -> fleet.startProcess(name));
        });
  }

  private Duration seconds(int from, int to) {
    return Duration.ofMillis(world.random().nextLong(from * 1000L, to * 1000L));
  }
}
