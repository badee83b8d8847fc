package dev.penstock.providersim.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.invoice.Usage;
import io.vertx.core.buffer.Buffer;
import java.util.OptionalLong;

/**
 * A request that passed every check.
 *
 * @param promptTokens UTF-8 bytes of all text in it, divided by four, rounded up
 */
public record Asked(String model, OptionalLong maxTokens, long promptTokens, Form form) {
  private static final long BYTES_PER_TOKEN = 4;

  /** How the answer is to travel. */
  public sealed interface Form {}

  /** Server-sent events. */
  public record Streamed(StreamShapes shapes) implements Form {}

  /** One JSON document. */
  public record Whole(Document document) implements Form {}

  /** Writes down a whole answer. */
  @FunctionalInterface
  public interface Document {
    JsonNode json(Answer answer, Usage usage);

    /** The bytes of it. */
    default Buffer body(Answer answer, Usage usage) {
      return Buffer.buffer(json(answer, usage).toString());
    }
  }

  /** Not a provider's own count, but one that a test can work out by itself. */
  public static long tokens(long utf8Bytes) {
    return Math.ceilDiv(utf8Bytes, BYTES_PER_TOKEN);
  }
}
