package dev.penstock.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What the generator saw in one span of time. Written by the loop's thread alone; read by others
 * once the loop has let go of it.
 */
public final class Tally {
  private static final int DIGITS = 3;

  private final Histogram firstTokenMicros = new Histogram(DIGITS);
  private final Histogram transitMicros = new Histogram(DIGITS);
  private final Map<String, Integer> faults = new TreeMap<>();
  private long chunks;
  private long streams;
  private long bad;

  void chunk(long micros) {
    chunks++;
    transitMicros.recordValue(Math.max(0, micros));
  }

  void firstToken(long micros) {
    firstTokenMicros.recordValue(Math.max(0, micros));
  }

  void whole() {
    streams++;
  }

  void bad(String fault) {
    streams++;
    bad++;
    faults.merge(fault, 1, Integer::sum);
  }

  /** Adds another span to this one. */
  public Tally plus(Tally other) {
    Tally sum = new Tally();
    for (Tally tally : new Tally[] {this, other}) {
      sum.firstTokenMicros.add(tally.firstTokenMicros);
      sum.transitMicros.add(tally.transitMicros);
      sum.chunks += tally.chunks;
      sum.streams += tally.streams;
      sum.bad += tally.bad;
      tally.faults.forEach((fault, count) -> sum.faults.merge(fault, count, Integer::sum));
    }
    return sum;
  }

  /** Content chunks that came. */
  public long chunks() {
    return chunks;
  }

  /** Streams that ended, the bad ones included. */
  public long streams() {
    return streams;
  }

  /** Streams that lost a chunk, lacked the terminal event, were refused or cut. */
  public long bad() {
    return bad;
  }

  /** What was wrong with the bad ones, and how often. */
  public Map<String, Integer> faults() {
    return Map.copyOf(faults);
  }

  /** From the last byte of the request to the first content chunk. */
  public long firstTokenMicros(double percentile) {
    return firstTokenMicros.getValueAtPercentile(percentile);
  }

  /** From the provider's writing to our reading, of one chunk. */
  public long transitMicros(double percentile) {
    return transitMicros.getValueAtPercentile(percentile);
  }
}
