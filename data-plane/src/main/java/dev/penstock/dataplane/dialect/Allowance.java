package dev.penstock.dataplane.dialect;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What rate limits leave to a client, for the headers of its dialect.
 *
 * @param at when that was so
 * @param requests of the limit that leaves the fewest; empty: none counts requests
 * @param tokens of the limit that leaves the fewest; empty: none counts tokens
 */
public record Allowance(Instant at, Optional<Left> requests, Optional<Left> tokens) {

  /**
   * @param perMinute what the limit allows
   * @param left what would be let pass now
   * @param untilFull until all of it is there again, if nothing is asked
   */
  public record Left(long perMinute, long left, Duration untilFull) {
    public Left {
      Objects.requireNonNull(untilFull, "untilFull");
    }
  }

  public Allowance {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(requests, "requests");
    Objects.requireNonNull(tokens, "tokens");
  }
}
