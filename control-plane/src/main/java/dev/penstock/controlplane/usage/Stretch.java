package dev.penstock.controlplane.usage;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;

/**
 * Stored records of a spool that are not in the sums yet.
 *
 * @param lastSeq of all that wait together
 * @param upTo the last one that is meant: {@code lastSeq}, or less for a part of them
 * @param receivedOn the partition that they are in
 */
record Stretch(
    UUID spoolId,
    long firstSeq,
    long lastSeq,
    long upTo,
    LocalDate receivedOn,
    Instant receivedAt) {

  Stretch {
    Objects.requireNonNull(spoolId, "spoolId");
    Objects.requireNonNull(receivedOn, "receivedOn");
    Objects.requireNonNull(receivedAt, "receivedAt");
    if (firstSeq < 1 || upTo < firstSeq || lastSeq < upTo) {
      throw new IllegalArgumentException(
          "records %d to %d of %d (expected: in this order, the first one >= 1)"
              .formatted(firstSeq, upTo, lastSeq));
    }
  }

  static Stretch of(
      UUID spoolId, long firstSeq, long lastSeq, LocalDate receivedOn, Instant receivedAt) {
    return new Stretch(spoolId, firstSeq, lastSeq, lastSeq, receivedOn, receivedAt);
  }

  /** How many numbers it spans; not every one is a request's. */
  long length() {
    return upTo - firstSeq + 1;
  }

  boolean isWhole() {
    return upTo == lastSeq;
  }

  /** Its beginning. */
  Stretch first(long most) {
    return most >= length()
        ? this
        : new Stretch(spoolId, firstSeq, lastSeq, firstSeq + most - 1, receivedOn, receivedAt);
  }
}
