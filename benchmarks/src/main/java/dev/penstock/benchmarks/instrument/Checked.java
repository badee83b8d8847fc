package dev.penstock.benchmarks.instrument;

import dev.penstock.benchmarks.load.Tally;
import java.util.Map;

/**
 * How many streams ended in a round, and how many of them lost a chunk, lacked the terminal event,
 * were refused or cut.
 */
public record Checked(long streams, long bad, Map<String, Integer> faults) {
  public Checked {
    faults = Map.copyOf(faults);
  }

  static Checked of(Tally tally) {
    return new Checked(tally.streams(), tally.bad(), tally.faults());
  }
}
