package dev.penstock.benchmarks.instrument;

import dev.penstock.benchmarks.Settings;
import dev.penstock.benchmarks.load.LoadLoop;
import dev.penstock.benchmarks.load.StreamShape;
import dev.penstock.benchmarks.load.Tally;
import dev.penstock.benchmarks.machine.ProcessFigures;
import dev.penstock.benchmarks.target.Target;
import java.time.Duration;
import java.util.List;

/**
 * CPU seconds per million relayed chunks at a fixed rate. At a fixed rate, because on a machine
 * that gateway, provider and clients share, the greatest rate says who was scheduled and not what
 * anything costs.
 */
public final class ChunkCost {
  private static final double MILLION = 1e6;
  private static final List<Long> OURSELVES = List.of(ProcessHandle.current().pid());

  private final Rig rig;
  private final Settings.Chunks knobs;
  private final StreamShape shape;

  private ChunkCost(Rig rig, Settings.Chunks knobs, StreamShape shape) {
    this.rig = rig;
    this.knobs = knobs;
    this.shape = shape;
  }

  /** Of chunks that come one by one, as a model makes them. */
  public static ChunkCost ofSingles(Rig rig) {
    return new ChunkCost(rig, rig.settings().chunks(), rig.settings().pacedStream());
  }

  /** Of chunks that come many at once. */
  public static ChunkCost ofBursts(Rig rig) {
    return new ChunkCost(rig, rig.settings().bursts(), rig.settings().burstStream());
  }

  /** CPU that one group of processes used in the window. */
  private record Clock(double target, double helpers, double simulator, double clients) {
    Clock minus(Clock before) {
      return new Clock(
          target - before.target,
          helpers - before.helpers,
          simulator - before.simulator,
          clients - before.clients);
    }
  }

  public ChunkRound measure(Target target, int round) {
    // Over one stream's length, so that at any time as many streams begin as end.
    Duration ramp = shape.length();
    try (LoadLoop load = LoadLoop.start(rig.closedLoop(target, shape, knobs.streams(), ramp))) {
      Rig.pause(ramp);
      Tally before = load.cut();
      long began = System.nanoTime();
      Clock clock = read(target);
      Rig.pause(Duration.ofSeconds(knobs.seconds()));
      Tally window = load.cut();
      double seconds = (System.nanoTime() - began) / 1e9;
      Clock used = read(target).minus(clock);
      Tally all = before.plus(window).plus(load.finish(Rig.patience(shape)));
      return round(target, round, window, seconds, used, all);
    }
  }

  private Clock read(Target target) {
    return new Clock(
        ProcessFigures.cpuSeconds(target.processes()),
        ProcessFigures.cpuSeconds(target.helpers()),
        ProcessFigures.cpuSeconds(rig.simulator().processes()),
        ProcessFigures.cpuSeconds(OURSELVES));
  }

  private static ChunkRound round(
      Target target, int round, Tally window, double seconds, Clock used, Tally all) {
    double millions = Math.max(1, window.chunks()) / MILLION;
    return new ChunkRound(
        round,
        target.name(),
        seconds,
        window.chunks(),
        window.chunks() / seconds,
        used.target() / millions,
        used.helpers() / millions,
        used.simulator() / millions,
        used.clients() / millions,
        window.transitMicros(50),
        window.transitMicros(99),
        Checked.of(all));
  }
}
