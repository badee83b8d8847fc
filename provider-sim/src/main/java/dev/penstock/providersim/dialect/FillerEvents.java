package dev.penstock.providersim.dialect;

import dev.penstock.providersim.script.Step;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Events that differ in nothing but their filler text: what stands around it is rendered once and
 * copied, so that a load test measures the gateway and not the simulator. A Chat chunk of 24 bytes
 * of text is about 330 bytes on the wire and costs two array copies.
 */
public final class FillerEvents {
  private final byte[] before;
  private final byte[] after;
  private Step.@Nullable Text current;
  private @Nullable FillerText filler;

  /** What stands before and after the text, which is ASCII without quotes. */
  public FillerEvents(String before, String after) {
    this.before = before.getBytes(StandardCharsets.UTF_8);
    this.after = after.getBytes(StandardCharsets.UTF_8);
  }

  /** Chunks {@code first} and on of a step, {@code count} of them. */
  public Buffer of(Step.Text step, int first, int count) {
    FillerText words = filler(step);
    int size = before.length + words.size() + after.length;
    byte[] bytes = new byte[Math.multiplyExact(size, count)];
    for (int chunk = 0; chunk < count; chunk++) {
      int at = chunk * size;
      System.arraycopy(before, 0, bytes, at, before.length);
      words.write(bytes, at + before.length, first + chunk);
      System.arraycopy(after, 0, bytes, at + size - after.length, after.length);
    }
    return Buffer.buffer(bytes);
  }

  /** One step renders its filler once. */
  private FillerText filler(Step.Text step) {
    FillerText words = filler;
    if (words == null || current != step) {
      words = new FillerText(step);
      filler = words;
      current = step;
    }
    return words;
  }
}
