package dev.penstock.dataplane.relay.sse;

import dev.penstock.dataplane.dialect.body.Edits.Edit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Puts together a batch of events that did not come in one read, or not as they leave. One for all
 * streams of an event loop.
 */
public final class EventWriter {

  private static final int INITIAL_BYTES = 4 << 10;
  private static final int MAX_KEPT_BYTES = 256 << 10;

  private final EventBatch batch = new EventBatch();
  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;

  /** Begins a batch; the one before is no longer valid. */
  public void begin() {
    if (bytes.length > MAX_KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
    size = 0;
    batch.reset(bytes);
  }

  /**
   * Adds an event with its framing.
   *
   * @param shift of the places of edits against those of {@code event}
   * @param edits of its data, by start
   */
  public void add(
      byte[] event, int from, int to, int dataFrom, int dataTo, int shift, List<Edit> edits) {
    int start = size;
    int at = from;
    int dataAt = start + dataFrom - from;
    for (Edit edit : edits) {
      append(event, at, edit.start() - shift);
      byte[] text = edit.text().getBytes(StandardCharsets.UTF_8);
      append(text, 0, text.length);
      at = edit.end() - shift;
    }
    append(event, at, to);
    batch.add(start, size, dataAt, size - (to - dataTo));
  }

  private void append(byte[] source, int from, int to) {
    int length = to - from;
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, 2 * bytes.length));
      batch.moved(bytes);
    }
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /** What has been added; valid until the next one begins. */
  public EventBatch batch() {
    return batch;
  }
}
