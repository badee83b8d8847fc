package dev.penstock.dataplane.relay.sse;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The complete events that one read from a provider brought, as ranges of its bytes. Reused from
 * read to read by the scanner that fills it; valid until the next one. Receivers copy at once.
 *
 * <p>An event is kept unless {@link #drop} says otherwise.
 */
public final class EventBatch {

  private static final int INITIAL_EVENTS = 8;
  private static final String NAME = "event:";

  private byte[] bytes = new byte[0];
  private int count;
  private int kept;
  private int keptBytes;
  private int[] eventStart = new int[INITIAL_EVENTS];
  private int[] eventEnd = new int[INITIAL_EVENTS];
  private int[] dataStart = new int[INITIAL_EVENTS];
  private int[] dataEnd = new int[INITIAL_EVENTS];
  private boolean[] dropped = new boolean[INITIAL_EVENTS];

  void reset(byte[] source) {
    bytes = source;
    count = 0;
    kept = 0;
    keptBytes = 0;
  }

  /** The bytes stand in a larger array now, at the same places. */
  void moved(byte[] larger) {
    bytes = larger;
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
    keptBytes += end - start;
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

  /** Bytes of the kept events, with their framing. */
  public int keptBytes() {
    return keptBytes;
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
      keptBytes -= eventEnd[index] - eventStart[index];
    }
  }

  /** Where an event begins, with its framing. */
  public int eventStart(int index) {
    return eventStart[index];
  }

  public int eventEnd(int index) {
    return eventEnd[index];
  }

  /** Where an event's data begins; equal to {@link #dataEnd} for a comment or an empty event. */
  public int dataStart(int index) {
    return dataStart[index];
  }

  public int dataEnd(int index) {
    return dataEnd[index];
  }

  /** The value of an event's field {@code event}; empty where it has none. */
  public String name(int index) {
    int at = eventStart[index];
    while (at < dataStart[index]) {
      int end = at;
      while (end < dataStart[index] && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
      }
      String line = new String(bytes, at, end - at, StandardCharsets.UTF_8);
      if (line.startsWith(NAME)) {
        return line.substring(NAME.length()).strip();
      }
      at = end + 1;
    }
    return "";
  }

  /** One event with its framing. */
  public Buffer event(int index) {
    return Buffer.buffer(Arrays.copyOfRange(bytes, eventStart[index], eventEnd[index]));
  }

  /** Appends the kept events with their framing, byte for byte as they came. */
  public void writeKept(ByteBuf target) {
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
      target.writeBytes(bytes, from, to - from);
    }
  }
}
