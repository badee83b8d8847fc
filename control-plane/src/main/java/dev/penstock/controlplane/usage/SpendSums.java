package dev.penstock.controlplane.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the records of one batch add up to, per bucket of five minutes and label. */
final class SpendSums {

  static final Duration BUCKET = Duration.ofMinutes(5);

  /** Further off than this, a node's clock is not believed and the time of receipt counts. */
  private static final Duration BELIEVED_PAST = Duration.ofDays(35);

  private static final Duration BELIEVED_FUTURE = Duration.ofDays(1);

  private final SortedMap<Key, Sum> sums = new TreeMap<>();

  /** One row of the roll-up; ordered, because rows are locked in this order and in no other. */
  record Key(
      Instant bucket, String tenant, String apiKey, String model, String provider, String region)
      implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::bucket)
            .thenComparing(Key::tenant)
            .thenComparing(Key::apiKey)
            .thenComparing(Key::model)
            .thenComparing(Key::provider)
            .thenComparing(Key::region);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** What is added to a row. */
  static final class Sum {
    long requests;
    long input;
    long cacheRead;
    long cacheWrite;
    long output;
    long reasoning;
    long cost;
    long ttftCount;
    long ttftSum;
    long[] ttftCounts = {};

    private void add(RequestRecord record) {
      requests++;
      input = Math.addExact(input, record.tokens().input());
      cacheRead = Math.addExact(cacheRead, record.tokens().cacheRead());
      cacheWrite = Math.addExact(cacheWrite, record.tokens().cacheWrite());
      output = Math.addExact(output, record.tokens().output());
      reasoning = Math.addExact(reasoning, record.tokens().reasoning());
      cost = Math.addExact(cost, record.costNanoUsd());
      long ttft = record.timing().ttftDeliveredMicros();
      if (ttft > 0) {
        ttftCount++;
        ttftSum = Math.addExact(ttftSum, ttft);
        ttftCounts = TtftHistogram.counted(ttftCounts, ttft);
      }
    }
  }

  void add(RequestRecord record, Instant receivedAt) {
    Key key =
        new Key(
            bucket(record.at(), receivedAt),
            record.caller().tenant(),
            record.caller().apiKey(),
            record.model(),
            record.target().provider(),
            record.nodeRegion());
    sums.computeIfAbsent(key, none -> new Sum()).add(record);
  }

  SortedMap<Key, Sum> sums() {
    return sums;
  }

  private static Instant bucket(Instant at, Instant receivedAt) {
    boolean believed =
        at.isAfter(receivedAt.minus(BELIEVED_PAST))
            && at.isBefore(receivedAt.plus(BELIEVED_FUTURE));
    long second = (believed ? at : receivedAt).getEpochSecond();
    return Instant.ofEpochSecond(second - Math.floorMod(second, BUCKET.toSeconds()));
  }
}
