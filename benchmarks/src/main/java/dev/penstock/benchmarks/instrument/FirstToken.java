package dev.penstock.benchmarks.instrument;

import dev.penstock.benchmarks.Settings;
import dev.penstock.benchmarks.load.LoadLoop;
import dev.penstock.benchmarks.load.StreamShape;
import dev.penstock.benchmarks.load.Tally;
import dev.penstock.benchmarks.machine.ProcessFigures;
import dev.penstock.benchmarks.target.Target;
import java.time.Duration;

/**
 * Time to the first token with a few clients in a closed loop, at a provider that does not think.
 * What a gateway adds is the difference to {@code direct} in the same round.
 */
public final class FirstToken {
  private static final double MICROS = 1e6;
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private final Rig rig;

  public FirstToken(Rig rig) {
    this.rig = rig;
  }

  public FirstTokenRound measure(Target target, int round) {
    Settings.FirstToken knobs = rig.settings().firstToken();
    StreamShape shape = rig.settings().shortStream();
    try (LoadLoop load =
        LoadLoop.start(rig.closedLoop(target, shape, knobs.slots(), SETTLING.dividedBy(2)))) {
      Rig.pause(SETTLING);
      Tally before = load.cut();
      double cpuBefore = ProcessFigures.cpuSeconds(target.processes());
      Rig.pause(Duration.ofSeconds(knobs.seconds()));
      Tally window = load.cut();
      double cpu = ProcessFigures.cpuSeconds(target.processes()) - cpuBefore;
      Tally all = before.plus(window).plus(load.finish(Rig.patience(shape)));
      return new FirstTokenRound(
          round,
          target.name(),
          window.streams(),
          (double) window.streams() / knobs.seconds(),
          window.firstTokenMicros(50),
          window.firstTokenMicros(99),
          cpu * MICROS / Math.max(1, window.streams()),
          Checked.of(all));
    }
  }
}
