package dev.penstock.dataplane.relay.sse;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.Serial;
import java.util.Arrays;

/**
 * Cuts a byte stream into server-sent events (WHATWG HTML, "server-sent events"): a read may hold a
 * part of an event, or many. Lines end with LF, CRLF or CR; an empty line ends an event. What is
 * left of an unfinished event waits for the next read, up to a limit.
 *
 * <p>Most reads hold whole events only; those are never copied.
 */
public final class EventScanner {

  private static final byte[] NOTHING = new byte[0];

  private final int maxEventBytes;
  private final EventBatch batch = new EventBatch();
  private byte[] rest = NOTHING;
  private int restLength;

  /** An unfinished event may have {@code maxEventBytes} at most. */
  public EventScanner(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * The complete events after another read; valid until the next call.
   *
   * @throws EventTooLarge if an event grows beyond the limit
   */
  public EventBatch scan(Buffer read) {
    byte[] bytes;
    Buffer source;
    if (restLength == 0) {
      ByteBuf netty = ((BufferInternal) read).getByteBuf();
      // A whole array is used in place; anything else (an offset, direct memory) is copied once.
      boolean plain = netty.hasArray() && netty.arrayOffset() == 0 && netty.readerIndex() == 0;
      bytes = plain ? netty.array() : read.getBytes();
      source = plain ? read : Buffer.buffer(bytes);
    } else {
      bytes = new byte[restLength + read.length()];
      System.arraycopy(rest, 0, bytes, 0, restLength);
      read.getBytes(bytes, restLength);
      source = Buffer.buffer(bytes);
    }
    batch.reset(bytes, source);
    int consumed = scanEvents(bytes, source.length());
    keepRest(bytes, consumed, source.length());
    return batch;
  }

  /** At the clean end of a stream: what is left, closed by the empty line it lacks. */
  public EventBatch end() {
    if (restLength == 0) {
      batch.reset(NOTHING, Buffer.buffer());
      return batch;
    }
    return scan(Buffer.buffer("\n\n"));
  }

  private void keepRest(byte[] bytes, int from, int to) {
    restLength = to - from;
    if (restLength > maxEventBytes) {
      throw new EventTooLarge(maxEventBytes);
    }
    rest = restLength == 0 ? NOTHING : Arrays.copyOfRange(bytes, from, to);
  }

  /** Adds the complete events and returns where the first unfinished one begins. */
  private int scanEvents(byte[] bytes, int to) {
    int eventStart = 0;
    int lineStart = 0;
    int dataStart = -1;
    int dataEnd = -1;
    int at = 0;
    while (at < to) {
      byte c = bytes[at];
      if (c != '\n' && c != '\r') {
        at++;
        continue;
      }
      if (c == '\r' && at + 1 == to) {
        break; // an LF may follow in the next read
      }
      int next = c == '\r' && bytes[at + 1] == '\n' ? at + 2 : at + 1;
      if (at == lineStart) {
        int from = dataStart < 0 ? next : dataStart;
        batch.add(eventStart, next, from, dataStart < 0 ? next : dataEnd);
        eventStart = next;
        dataStart = -1;
      } else if (isData(bytes, lineStart, at)) {
        if (dataStart < 0) {
          dataStart = valueStart(bytes, lineStart, at);
        }
        // A further data line extends the range over the line break and the field name: no
        // provider sends one, and what it holds is then refused as malformed, never misread.
        dataEnd = at;
      }
      lineStart = next;
      at = next;
    }
    return eventStart;
  }

  private static boolean isData(byte[] bytes, int from, int to) {
    return to - from >= 4
        && bytes[from] == 'd'
        && bytes[from + 1] == 'a'
        && bytes[from + 2] == 't'
        && bytes[from + 3] == 'a'
        && (to - from == 4 || bytes[from + 4] == ':');
  }

  private static int valueStart(byte[] bytes, int lineStart, int lineEnd) {
    int value = Math.min(lineEnd, lineStart + 5);
    return value < lineEnd && bytes[value] == ' ' ? value + 1 : value;
  }

  /** A provider sent an event that is larger than a gateway should hold. */
  public static final class EventTooLarge extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    EventTooLarge(int limit) {
      super("event larger than " + limit + " bytes", null, false, false);
    }
  }
}
