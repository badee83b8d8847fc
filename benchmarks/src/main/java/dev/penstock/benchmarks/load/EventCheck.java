package dev.penstock.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Follows the events of one stream: is every chunk there, once and in order, and does the terminal
 * event follow? The simulator numbers its chunks and stamps them with the time of their sending:
 * {@code "content":"0000042 0000001234567890…"}.
 */
final class EventCheck implements BodySink {
  private static final byte[] DONE = ascii("data: [DONE]");
  private static final byte[] CONTENT = ascii("\"content\":\"");
  private static final int NUMBER_DIGITS = 7;
  private static final int STAMP_DIGITS = 16;
  private static final Pattern ERROR_CODE = Pattern.compile("\"code\":\\s*\"([a-z_]{1,64})\"");

  private final Watcher watcher;
  private byte[] line = new byte[512];
  private int lineLength;
  private int expected;
  private int next;
  private int contentAt;
  private boolean done;
  private @Nullable String fault;

  /** Is told of each content chunk. */
  interface Watcher {
    /** Number {@code number} came, which left the provider at this time of its monotonic clock. */
    void onChunk(int number, long sentMicros);
  }

  EventCheck(Watcher watcher) {
    this.watcher = watcher;
  }

  /** Gets ready for a stream of this many chunks. */
  void begin(int chunks) {
    lineLength = 0;
    expected = chunks;
    next = 0;
    done = false;
    fault = null;
  }

  @Override
  public void body(byte[] bytes, int from, int to) {
    int start = from;
    for (int at = from; at < to; at++) {
      if (bytes[at] == '\n') {
        line(bytes, start, at);
        start = at + 1;
      }
    }
    keep(bytes, start, to);
  }

  /** Whether the first content chunk has come. */
  boolean hasBegun() {
    return next > 0;
  }

  /** What is wrong with the stream, now that it has ended. */
  @Nullable String verdict() {
    if (fault != null) {
      return fault;
    }
    if (next != expected) {
      return "ended after %d of %d chunks".formatted(next, expected);
    }
    return done ? null : "no [DONE]";
  }

  /**
   * The code in an error that came instead of a stream. Nothing else of it: messages differ from
   * one answer to the next, and a thousand of them are one fault.
   */
  String errorCode() {
    Matcher code = ERROR_CODE.matcher(new String(line, 0, lineLength, StandardCharsets.UTF_8));
    return code.find() ? code.group(1) : "(no code)";
  }

  private void line(byte[] bytes, int from, int to) {
    if (lineLength == 0) {
      event(bytes, from, to);
      return;
    }
    keep(bytes, from, to);
    event(line, 0, lineLength);
    lineLength = 0;
  }

  private void keep(byte[] bytes, int from, int to) {
    int length = to - from;
    if (lineLength + length > line.length) {
      line = Arrays.copyOf(line, Math.max(lineLength + length, 2 * line.length));
    }
    System.arraycopy(bytes, from, line, lineLength, length);
    lineLength += length;
  }

  private void event(byte[] bytes, int from, int to) {
    if (to == from) {
      return;
    }
    if (done) {
      fault = "something after [DONE]";
      return;
    }
    if (startsWith(bytes, from, to, DONE)) {
      done = true;
      return;
    }
    int content = content(bytes, from, to);
    if (content < 0 || bytes[content] == '"') {
      return; // the chunk that says who speaks, the one that says why it ended
    }
    if (content + NUMBER_DIGITS + 1 + STAMP_DIGITS > to) {
      fault = "a chunk that is cut short";
      return;
    }
    long number = digits(bytes, content, NUMBER_DIGITS);
    if (number != next) {
      fault = fault == null ? "chunk %d where %d was due".formatted(number, next) : fault;
    }
    next++;
    watcher.onChunk(next - 1, digits(bytes, content + NUMBER_DIGITS + 1, STAMP_DIGITS));
  }

  /** Where the text begins. It is at the same place in every chunk of a stream, or nearly so. */
  private int content(byte[] bytes, int from, int to) {
    if (startsWith(bytes, from + contentAt, to, CONTENT)) {
      return from + contentAt + CONTENT.length;
    }
    for (int at = from; at + CONTENT.length < to; at++) {
      if (startsWith(bytes, at, to, CONTENT)) {
        contentAt = at - from;
        return at + CONTENT.length;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] what) {
    return from + what.length <= to
        && bytes[from] == what[0]
        && Arrays.equals(bytes, from, from + what.length, what, 0, what.length);
  }

  private static long digits(byte[] bytes, int from, int count) {
    long number = 0;
    for (int at = from; at < from + count; at++) {
      number = number * 10 + (bytes[at] - '0');
    }
    return number;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
