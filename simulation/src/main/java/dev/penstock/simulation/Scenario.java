package dev.penstock.simulation;

import dev.penstock.kernel.ledger.WindowBalance.Mode;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What one run is like; drawn from its seed, so that the seed is all there is to say.
 *
 * @param limit of each budget, nano-USD
 * @param largestHold the worst case of the dearest request, nano-USD
 * @param requestsPerSecond that reach each node
 * @param loss probability that a message is lost
 * @param duplication probability that a message comes twice
 * @param faultEvery mean time between two faults
 * @param beyondHold probability that a request costs more than its worst case
 */
public record Scenario(
    int nodes,
    int budgets,
    Mode mode,
    long limit,
    long largestHold,
    double requestsPerSecond,
    double loss,
    double duplication,
    Duration faultEvery,
    double beyondHold) {

  /** How long a node may be silent, in the shortened time of a simulation. */
  static final Duration TTL = Duration.ofSeconds(5);

  /** After its start a replica takes nobody for silent for so long. */
  static final Duration QUIET_START = TTL.plusSeconds(5);

  /** No request runs longer. */
  static final Duration MAX_STREAM = Duration.ofSeconds(8);

  /** What never came back is taken for used then. */
  static final Duration PRESUME_AFTER = MAX_STREAM.plusSeconds(30);

  /** How long a window of a budget is; the last one stays open while everything settles. */
  static final Duration PERIOD = Duration.ofSeconds(45);

  /** Faults happen for so long. */
  static final Duration FAULTY = Duration.ofSeconds(90);

  /** Then nothing fails any more, and what is outstanding comes in. */
  static final Duration SETTLING = Duration.ofSeconds(120);

  private static final long CENT = 10_000_000;

  static Scenario draw(SplittableRandom random) {
    long limit = CENT * random.nextLong(50, 1000);
    double perSecond = random.nextDouble(1, 8);
    int nodes = random.nextInt(1, 9);
    return new Scenario(
        nodes,
        random.nextInt(1, 4),
        random.nextInt(4) == 0 ? Mode.AVAILABLE : Mode.STRICT,
        limit,
        // So that the budget runs out in most runs, and late enough for something to happen.
        Math.max(
            100,
            (long) (limit / (PERIOD.toSeconds() * perSecond * nodes) * random.nextDouble(1, 6))),
        perSecond,
        random.nextDouble(0, 0.15),
        random.nextDouble(0, 0.12),
        Duration.ofMillis(random.nextLong(2_000, 20_000)),
        random.nextInt(5) == 0 ? 0.05 : 0);
  }
}
