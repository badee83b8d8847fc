package dev.penstock.dataplane.relay.sse;

import dev.penstock.dataplane.buffer.ByteSearch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Serial;
import java.util.Arrays;

/**
 * Cuts byte streams into server-sent events (WHATWG HTML, "server-sent events"): a read may hold a
 * part of an event, or many. Lines end with LF, CRLF or CR; an empty line ends an event. What is
 * left of an unfinished event waits for the next read, up to a limit.
 *
 * <p>One for all streams of an event loop, as they are looked at one after the other: so the array
 * that it looks at them in stays in the processor's cache.
 */
public final class EventScanner {

  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] EMPTY_LINE = {'\n', '\n'};
  private static final int INITIAL_BYTES = 16 << 10;

  /** What is larger is an exception and not kept. */
  private static final int MAX_KEPT_BYTES = 256 << 10;

  private final int maxEventBytes;
  private final EventBatch batch = new EventBatch();
  private byte[] kept = new byte[INITIAL_BYTES];

  /** An unfinished event may have {@code maxEventBytes} at most. */
  public EventScanner(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * The complete events of a stream after another read, which is consumed; valid until the next
   * call, for whatever stream.
   *
   * @throws EventTooLarge if an event grows beyond the limit
   */
  public EventBatch scan(Unfinished stream, ByteBuf read) {
    byte[] before = stream.bytes;
    int length = read.readableBytes();
    int size = before.length + length;
    byte[] bytes = room(size);
    System.arraycopy(before, 0, bytes, 0, before.length);
    read.readBytes(bytes, before.length, length);
    batch.reset(bytes);
    int complete = scanEvents(bytes, begin(stream, bytes, size), size);
    if (size - complete > maxEventBytes) {
      throw new EventTooLarge(maxEventBytes);
    }
    stream.bytes =
        complete == size ? Unfinished.NOTHING : Arrays.copyOfRange(bytes, complete, size);
    return batch;
  }

  /** At the clean end of a stream: what is left, closed by the empty line it lacks. */
  public EventBatch end(Unfinished stream) {
    if (stream.bytes.length == 0) {
      batch.reset(Unfinished.NOTHING);
      return batch;
    }
    return scan(stream, Unpooled.wrappedBuffer(EMPTY_LINE));
  }

  /** A byte order mark may stand before the first event, and is no part of it. */
  private static int begin(Unfinished stream, byte[] bytes, int size) {
    if (stream.begun || size < MARK.length) {
      return 0;
    }
    stream.begun = true;
    return Arrays.equals(bytes, 0, MARK.length, MARK, 0, MARK.length) ? MARK.length : 0;
  }

  private byte[] room(int size) {
    if (size <= kept.length) {
      return kept;
    }
    byte[] larger = new byte[Math.max(size, Math.min(2 * size, MAX_KEPT_BYTES))];
    if (larger.length <= MAX_KEPT_BYTES) {
      kept = larger;
    }
    return larger;
  }

  /** Adds the complete events and returns where the first unfinished one begins. */
  private int scanEvents(byte[] bytes, int from, int to) {
    int eventStart = from;
    int lineStart = from;
    int dataStart = -1;
    int dataEnd = -1;
    int at = ByteSearch.indexOfEither(bytes, from, to, '\n', '\r');
    while (at < to) {
      byte c = bytes[at];
      if (c == '\r' && at + 1 == to) {
        break; // an LF may follow in the next read
      }
      int next = c == '\r' && bytes[at + 1] == '\n' ? at + 2 : at + 1;
      if (at == lineStart) {
        int data = dataStart < 0 ? next : dataStart;
        batch.add(eventStart, next, data, dataStart < 0 ? next : dataEnd);
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
      at = ByteSearch.indexOfEither(bytes, next, to, '\n', '\r');
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
