package dev.penstock.controlplane.usage;

import java.util.Arrays;

/**
 * Times to the first token, counted on a fixed logarithmic scale, so that histograms merge by
 * adding and quantiles of any sum are as good as those of its parts.
 *
 * <p>Number 0 counts up to 100 µs; number i &gt; 0 counts from 100 µs · 1.1<sup>i-1</sup> to 100 µs
 * · 1.1<sup>i</sup>, the last one everything above (about 4 h). A quantile is reported as the
 * geometric middle of its number, hence at most √1.1 - 1 = 4.9 % off. The scale is stored with the
 * rows and must never change.
 */
final class TtftHistogram {

  private static final double FLOOR_MICROS = 100;
  private static final double GROWTH = 1.1;
  private static final int NUMBERS = 200;
  private static final int DIGITS = 12;

  private TtftHistogram() {}

  /** Which number counts a time. */
  static int indexOf(long micros) {
    if (micros <= FLOOR_MICROS) {
      return 0;
    }
    int index = 1 + (int) (Math.log(micros / FLOOR_MICROS) / Math.log(GROWTH));
    return Math.min(index, NUMBERS - 1);
  }

  /** Counts one more; the array is as long as its highest number needs. */
  static long[] counted(long[] counts, long micros) {
    int index = indexOf(micros);
    long[] grown = index < counts.length ? counts : Arrays.copyOf(counts, index + 1);
    grown[index]++;
    return grown;
  }

  /** What two histograms counted together; may be the first one, changed. */
  static long[] merged(long[] counts, long[] others) {
    long[] grown = others.length <= counts.length ? counts : Arrays.copyOf(counts, others.length);
    for (int i = 0; i < others.length; i++) {
      grown[i] += others[i];
    }
    return grown;
  }

  /** The time below which a part {@code q} of what was counted lies; 0 where nothing was. */
  static long quantile(long[] counts, double q) {
    long total = Arrays.stream(counts).sum();
    long rank = Math.max(1, (long) Math.ceil(q * total));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (counts[i] > 0 && seen >= rank) {
        return middle(i);
      }
    }
    return 0;
  }

  /**
   * The counts as one number in decimal, to be stored and added up as such: {@value #DIGITS} digits
   * for each count, the first one last.
   */
  static String packed(long[] counts) {
    StringBuilder digits = new StringBuilder("0");
    for (int i = counts.length - 1; i >= 0; i--) {
      String count = Long.toString(counts[i]);
      digits.repeat('0', DIGITS - count.length()).append(count);
    }
    return digits.toString();
  }

  /** The counts of such a number. */
  static long[] unpacked(String digits) {
    long[] counts = new long[Math.ceilDiv(digits.length(), DIGITS)];
    for (int i = 0; i < counts.length; i++) {
      int end = digits.length() - i * DIGITS;
      counts[i] = Long.parseLong(digits, Math.max(0, end - DIGITS), end, 10);
    }
    return counts;
  }

  private static long middle(int index) {
    return index == 0
        ? Math.round(FLOOR_MICROS)
        : Math.round(FLOOR_MICROS * Math.pow(GROWTH, index - 0.5));
  }
}
