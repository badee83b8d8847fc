package dev.penstock.benchmarks.instrument;

import dev.penstock.benchmarks.Settings;
import dev.penstock.benchmarks.load.LoadLoop;
import dev.penstock.benchmarks.load.LoadPlan.Reading;
import dev.penstock.benchmarks.load.StreamShape;
import dev.penstock.benchmarks.load.Tally;
import dev.penstock.benchmarks.machine.ProcessFigures;
import dev.penstock.benchmarks.machine.ProcessFigures.Memory;
import dev.penstock.benchmarks.target.Target;
import java.time.Duration;

/**
 * Resident memory that a client costs which stops reading while its provider goes on: the peak
 * while all are stalled, beyond the peak of the same load read freely, in fresh processes. At the
 * end the clients read on, and every stream has to be whole.
 */
public final class StalledClients {
  private static final Duration BETWEEN_READINGS = Duration.ofMillis(50);
  private static final Duration RAMP = Duration.ofSeconds(1);
  private static final double MEGA = 1e6;

  private final Rig rig;

  public StalledClients(Rig rig) {
    this.rig = rig;
  }

  public StalledRound measure(Target target, int round) {
    Settings.Stalled knobs = rig.settings().stalled();
    StreamShape shape = rig.settings().floodStream();
    target.restart();
    rig.awaitWorking(target);
    Memory idle = ProcessFigures.memory(target.processes());
    Peak free = new Peak(target);
    Tally freely = readFreely(target, shape, free);
    rig.simulator().forget();
    try (LoadLoop load =
        LoadLoop.start(rig.once(target, shape, knobs.clients(), RAMP, Reading.HELD))) {
      Peak stalled = new Peak(target);
      long deadline = System.nanoTime() + RAMP.plusSeconds(knobs.seconds()).toNanos();
      while (System.nanoTime() < deadline) {
        stalled.read();
        Rig.pause(BETWEEN_READINGS);
      }
      long taken = rig.simulator().bytesTaken(shape.simulatorModel());
      load.release();
      Tally all = freely.plus(load.finish(Rig.patience(shape)));
      return new StalledRound(
          round,
          target.name(),
          knobs.clients(),
          idle,
          free.memory,
          stalled.memory,
          perClient(stalled.memory, free.memory, knobs.clients()),
          perClient(stalled.memory, idle, knobs.clients()),
          taken / MEGA / knobs.clients(),
          Checked.of(all));
    }
  }

  private Tally readFreely(Target target, StreamShape shape, Peak peak) {
    int clients = rig.settings().stalled().clients();
    try (LoadLoop load = LoadLoop.start(rig.once(target, shape, clients, RAMP, Reading.FREELY))) {
      long deadline = System.nanoTime() + Rig.patience(shape).toNanos();
      long rampEnd = System.nanoTime() + RAMP.toNanos();
      while (System.nanoTime() < rampEnd || (load.running() > 0 && System.nanoTime() < deadline)) {
        peak.read();
        Rig.pause(BETWEEN_READINGS);
      }
      return load.finish(Rig.patience(shape));
    }
  }

  private static double perClient(Memory more, Memory less, int clients) {
    return (double) (more.residentKib() - less.residentKib()) / clients;
  }

  /** The most that was resident whenever it was looked at. */
  private static final class Peak {
    private final Target target;
    private Memory memory = new Memory(0, 0);

    Peak(Target target) {
      this.target = target;
    }

    void read() {
      Memory now = ProcessFigures.memory(target.processes());
      if (now.residentKib() > memory.residentKib()) {
        memory = now;
      }
    }
  }
}
