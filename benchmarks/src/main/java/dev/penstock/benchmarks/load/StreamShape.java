package dev.penstock.benchmarks.load;

import java.time.Duration;
import java.util.Locale;

/**
 * A stream as the simulator plays it.
 *
 * @param name what the model is called at a gateway that has names of its own
 * @param chunks content chunks
 * @param textBytes text of each; at least 24, for its number and the time of its sending
 * @param everyMicros between two writes
 * @param firstMicros before the first
 * @param group chunks in one write
 */
public record StreamShape(
    String name, int chunks, int textBytes, long everyMicros, long firstMicros, int group) {
  private static final int LEAST_TEXT_BYTES = 24;

  public StreamShape {
    if (chunks < 1
        || textBytes < LEAST_TEXT_BYTES
        || everyMicros < 0
        || firstMicros < 0
        || group < 1) {
      throw new IllegalArgumentException(
          "%s: %d chunks of %d bytes in groups of %d (expected: at least 1 of %d in 1)"
              .formatted(name, chunks, textBytes, group, LEAST_TEXT_BYTES));
    }
  }

  /** At an even pace: the first chunk, too, comes after one interval. */
  public static StreamShape paced(String name, int chunks, int textBytes, long everyMicros) {
    return new StreamShape(name, chunks, textBytes, everyMicros, everyMicros, 1);
  }

  /** How long a whole stream takes, if nobody is slow. */
  public Duration length() {
    return Duration.ofNanos(1_000L * (firstMicros + everyMicros * (chunks - 1) / group));
  }

  /** The model's name at the simulator, which is its script. */
  public String simulatorModel() {
    return String.format(
        Locale.ROOT,
        "sim-n%d-b%d-d%d-t%d-g%d-s1",
        chunks,
        textBytes,
        everyMicros,
        firstMicros,
        group);
  }
}
