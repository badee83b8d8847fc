package dev.penstock.providersim.dialect;

import dev.penstock.providersim.script.Step.Stamp;
import dev.penstock.providersim.script.Step.Text;
import java.nio.charset.StandardCharsets;

/**
 * The text of a content chunk: {@code 0000042 the quick brown fox …}, cut to size.
 *
 * <p>Seven digits of chunk number, so that a receiver sees a lost, doubled or reordered chunk; if
 * asked for, sixteen digits of microseconds, so that it can tell how long a chunk was on its way.
 * Texts too short for a number are filler alone. ASCII without quotes, so one byte is one character
 * and none needs escaping.
 */
public final class FillerText {
  private static final int NUMBER_DIGITS = 7;
  private static final int STAMP_DIGITS = 16;
  private static final String FILLER = "the quick brown fox jumps over the lazy dog ";

  private final byte[] pattern;
  private final Stamp stamp;

  public FillerText(Text step) {
    pattern =
        FILLER
            .repeat(step.size() / FILLER.length() + 1)
            .substring(0, step.size())
            .getBytes(StandardCharsets.US_ASCII);
    stamp = step.stamp();
  }

  public int size() {
    return pattern.length;
  }

  public String chunk(int chunk) {
    byte[] text = new byte[size()];
    write(text, 0, chunk);
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** Writes the text of a chunk into {@code target}. */
  public void write(byte[] target, int offset, int chunk) {
    System.arraycopy(pattern, 0, target, offset, pattern.length);
    if (pattern.length <= NUMBER_DIGITS) {
      return;
    }
    digits(chunk, target, offset, NUMBER_DIGITS);
    target[offset + NUMBER_DIGITS] = ' ';
    if (stamp == Stamp.MICROS) {
      digits(System.nanoTime() / 1_000, target, offset + NUMBER_DIGITS + 1, STAMP_DIGITS);
    }
  }

  private static void digits(long number, byte[] target, int offset, int count) {
    long rest = number;
    for (int at = offset + count - 1; at >= offset; at--) {
      target[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
