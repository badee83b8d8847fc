package dev.penstock.dataplane.relay.sse;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * The complete events that one read from a provider brought, as ranges of its bytes. Reused from
 * read to read by the scanner that fills it; valid until the next one. Receivers copy or write at
 * once.
 *
 * <p>An event is kept unless {@link #drop} says otherwise.
 */
public final class EventBatch {

  private static final int INITIAL_EVENTS = 8;

  private byte[] bytes = new byte[0];
  private Buffer whole = Buffer.buffer();
  private int count;
  private int kept;
  private int[] eventStart = new int[INITIAL_EVENTS];
  private int[] eventEnd = new int[INITIAL_EVENTS];
  private int[] dataStart = new int[INITIAL_EVENTS];
  private int[] dataEnd = new int[INITIAL_EVENTS];
  private boolean[] dropped = new boolean[INITIAL_EVENTS];

  /** {@code source} must hold exactly {@code bytes[from, to)}. */
  void reset(byte[] source, Buffer sourceBuffer) {
    bytes = source;
    whole = sourceBuffer;
    count = 0;
    kept = 0;
  }

  void add(int start, int end, int dataFrom, int dataTo) {
    if (count == eventStart.length) {
      grow();
    }
    eventStart[count] = start;
    eventEnd[count] = end;
    dataStart[count] = dataFrom;
    dataEnd[count] = dataTo;
    dropped[count] = false;
    count++;
    kept++;
  }

  private void grow() {
    int size = count * 2;
    eventStart = Arrays.copyOf(eventStart, size);
    eventEnd = Arrays.copyOf(eventEnd, size);
    dataStart = Arrays.copyOf(dataStart, size);
    dataEnd = Arrays.copyOf(dataEnd, size);
    dropped = Arrays.copyOf(dropped, size);
  }

  /** Events in the batch, dropped ones included. */
  public int count() {
    return count;
  }

  /** Events that go to the client. */
  public int kept() {
    return kept;
  }

  /** The bytes that the ranges point into. */
  public byte[] bytes() {
    return bytes;
  }

  public boolean isKept(int index) {
    return !dropped[index];
  }

  /** Takes an event out of what goes to the client. */
  public void drop(int index) {
    if (!dropped[index]) {
      dropped[index] = true;
      kept--;
    }
  }

  /** Where an event's data begins; equal to {@link #dataEnd} for a comment or an empty event. */
  public int dataStart(int index) {
    return dataStart[index];
  }

  public int dataEnd(int index) {
    return dataEnd[index];
  }

  /** One event with its framing, copied. */
  public Buffer event(int index) {
    return whole.getBuffer(eventStart[index], eventEnd[index]);
  }

  /**
   * The kept events with their framing as one buffer; the provider's own buffer, uncopied, where
   * all of it is kept.
   */
  public Buffer keptBytes() {
    if (kept == count && count > 0 && eventStart[0] == 0 && eventEnd[count - 1] == whole.length()) {
      return whole;
    }
    Buffer result = null;
    int index = 0;
    while (index < count) {
      if (dropped[index]) {
        index++;
        continue;
      }
      int from = eventStart[index];
      int to = eventEnd[index];
      index++;
      while (index < count && !dropped[index]) {
        to = eventEnd[index++];
      }
      Buffer range = whole.slice(from, to);
      result =
          result == null
              ? range
              : Buffer.buffer(result.length() + range.length())
                  .appendBuffer(result)
                  .appendBuffer(range);
    }
    return result == null ? Buffer.buffer() : result;
  }
}
