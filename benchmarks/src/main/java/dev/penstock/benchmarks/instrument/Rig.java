package dev.penstock.benchmarks.instrument;

import dev.penstock.benchmarks.Settings;
import dev.penstock.benchmarks.load.LoadLoop;
import dev.penstock.benchmarks.load.LoadPlan;
import dev.penstock.benchmarks.load.LoadPlan.Reading;
import dev.penstock.benchmarks.load.LoadPlan.Repeat;
import dev.penstock.benchmarks.load.LoadPlan.Request;
import dev.penstock.benchmarks.load.StreamShape;
import dev.penstock.benchmarks.load.Tally;
import dev.penstock.benchmarks.target.Simulator;
import dev.penstock.benchmarks.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What all instruments need: the knobs, the provider, and traffic to a target. */
public record Rig(Settings settings, Simulator simulator) {
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(30);
  private static final Duration STREAM_PATIENCE = Duration.ofSeconds(60);
  private static final int PROBES_AT_ONCE = 4;
  private static final int PROBE_PAUSE_MILLIS = 250;

  LoadPlan closedLoop(Target target, StreamShape shape, int streams, Duration ramp) {
    return plan(target, shape, streams, ramp, Repeat.CLOSED_LOOP, Reading.FREELY);
  }

  LoadPlan once(Target target, StreamShape shape, int streams, Duration ramp, Reading reading) {
    return plan(target, shape, streams, ramp, Repeat.ONCE, reading);
  }

  private LoadPlan plan(
      Target target,
      StreamShape shape,
      int streams,
      Duration ramp,
      Repeat repeat,
      Reading reading) {
    Request request =
        Request.chat(target.address(), target.key(), target.model(shape), settings.promptBytes());
    return new LoadPlan(target.address(), request, shape.chunks(), streams, ramp, repeat, reading);
  }

  /** A stream's own time plus what a shared machine may add. */
  static Duration patience(StreamShape shape) {
    return STREAM_PATIENCE.plus(shape.length());
  }

  /**
   * Waits until whole streams come through.
   *
   * @throws IllegalStateException with what was wrong with them, if none does
   */
  public void awaitWorking(Target target) {
    long deadline = System.nanoTime() + PROBE_PATIENCE.toNanos();
    StreamShape shape = settings.shortStream();
    while (true) {
      Tally seen = run(once(target, shape, PROBES_AT_ONCE, Duration.ZERO, Reading.FREELY), shape);
      if (seen.bad() == 0) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(target.name() + " does not work: " + seen.faults());
      }
      pause(Duration.ofMillis(PROBE_PAUSE_MILLIS));
    }
  }

  /**
   * Makes a target do its work until it has relayed this many chunks. In parts, each of them fast
   * and then, beyond the count, like a round: a compiler that has never seen connections come and
   * go at that pace would learn of it in the middle of one.
   */
  public Tally warmUp(Target target) {
    Settings.WarmUp warmUp = settings.warmUp();
    long part = Math.ceilDiv(warmUp.chunks(), warmUp.parts());
    Settings.Chunks measured = settings.chunks();
    long round = (long) measured.streams() * measured.chunksPerRequest();
    List<Tally> all = new ArrayList<>();
    for (int i = 0; i < warmUp.parts(); i++) {
      all.add(relay(target, settings.warmUpStream(), warmUp.streams(), part));
      all.add(relay(target, settings.pacedStream(), measured.streams(), round));
    }
    Settings.Chunks bursts = settings.bursts();
    long burst = (long) bursts.streams() * bursts.chunksPerRequest();
    all.add(relay(target, settings.burstStream(), bursts.streams(), burst));
    return all.stream().reduce(Tally::plus).orElseThrow();
  }

  private Tally relay(Target target, StreamShape shape, int streams, long chunks) {
    Duration ramp = Duration.ofSeconds(1);
    try (LoadLoop load = LoadLoop.start(closedLoop(target, shape, streams, ramp))) {
      pause(ramp);
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(30);
      while (load.chunks() < chunks && load.running() > 0) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(target.name() + " is too slow to be warmed up");
        }
        pause(Duration.ofMillis(100));
      }
      return load.finish(patience(shape));
    }
  }

  static Tally run(LoadPlan plan, StreamShape shape) {
    try (LoadLoop load = LoadLoop.start(plan)) {
      return load.finish(patience(shape));
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
