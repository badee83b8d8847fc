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

/** Resident memory of a stream that is open and brings one chunk a second, in fresh processes. */
public final class OpenStreams {
  private final Rig rig;

  public OpenStreams(Rig rig) {
    this.rig = rig;
  }

  public OpenRound measure(Target target, int round) {
    Settings.OpenStreams knobs = rig.settings().openStreams();
    StreamShape shape = rig.settings().slowStream();
    Duration ramp = Duration.ofSeconds(knobs.rampSeconds());
    target.restart();
    rig.awaitWorking(target);
    Memory idle = ProcessFigures.memory(target.processes());
    try (LoadLoop load =
        LoadLoop.start(rig.once(target, shape, knobs.streams(), ramp, Reading.FREELY))) {
      Rig.pause(ramp.plusSeconds(knobs.seconds()));
      int running = load.running();
      Memory open = ProcessFigures.memory(target.processes());
      Tally all = load.finish(Rig.patience(shape));
      return new OpenRound(
          round,
          target.name(),
          running,
          idle,
          open,
          (double) (open.residentKib() - idle.residentKib()) / Math.max(1, running),
          Checked.of(all));
    }
  }
}
