package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.providersim.chat.ChatCall.Streamed;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.script.Step.Event;
import dev.penstock.providersim.script.Step.Text;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * The SSE events of one streamed answer, in the field order OpenAI sends (November 2026).
 *
 * <p>Everything but the text is the same in all content chunks of a stream, so it is rendered once
 * and copied; a chunk of 24 bytes of text is about 330 bytes on the wire and costs two array
 * copies.
 */
public final class ChunkShapes {
  private static final String OBFUSCATION = "kQ3vZ8mTx1";

  private final ReplyId id;
  private final Streamed asked;
  private final String head;
  private final String tail;
  private final byte[] beforeText;
  private final byte[] afterText;

  public ChunkShapes(ReplyId id, Streamed asked) {
    this.id = id;
    this.asked = asked;
    head =
        """
        data: {"id":"%s","object":"chat.completion.chunk","created":%d,"model":%s,\
        "service_tier":"default","system_fingerprint":"%s","choices":\
        """
            .formatted(id.id(), id.created(), TextNode.valueOf(id.model()), ReplyId.FINGERPRINT);
    tail =
        (asked.includeUsage() ? ",\"usage\":null" : "")
            + (asked.includeObfuscation() ? ",\"obfuscation\":\"" + OBFUSCATION + "\"" : "")
            + "}\n\n";
    beforeText = ascii(head + "[{\"index\":0,\"delta\":{\"content\":\"");
    afterText = ascii("\"},\"logprobs\":null,\"finish_reason\":null}]" + tail);
  }

  /** The first chunk: who speaks, and nothing yet. */
  public Buffer role() {
    return choice("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null");
  }

  /** Remembers the filler, so that one {@link Text} step renders it once. */
  public Content content(Text step) {
    return new Content(new TokenText(step));
  }

  public Buffer finish(String reason) {
    return choice("{}", TextNode.valueOf(reason).toString());
  }

  /** The chunk after the last, with no choice in it. */
  public Buffer usage(Usage usage) {
    String json = head + "[],\"usage\":" + UsageShape.json(usage) + "}\n\n";
    return Buffer.buffer(json);
  }

  public Buffer done() {
    return Buffer.buffer("data: [DONE]\n\n");
  }

  /** A scripted event; see {@link Event} for what is filled in. */
  public Buffer event(Event event) {
    String name = event.name() == null ? "" : "event: " + event.name() + "\n";
    return Buffer.buffer(name + "data: " + data(event.data()) + "\n\n");
  }

  private String data(JsonNode data) {
    if (data.isTextual()) {
      return data.textValue().replace("\n", "\ndata: ");
    }
    if (data instanceof ObjectNode given && !given.has("error")) {
      return filledIn(given).toString();
    }
    return data.toString();
  }

  private ObjectNode filledIn(ObjectNode given) {
    ObjectNode chunk = JsonNodeFactory.instance.objectNode();
    chunk.put("id", id.id()).put("object", "chat.completion.chunk");
    chunk.put("created", id.created()).put("model", id.model());
    chunk.setAll(given);
    if (asked.includeUsage() && !chunk.has("usage")) {
      chunk.putNull("usage");
    }
    return chunk;
  }

  private Buffer choice(String delta, String finishReason) {
    return Buffer.buffer(
        head
            + "[{\"index\":0,\"delta\":"
            + delta
            + ",\"logprobs\":null,\"finish_reason\":"
            + finishReason
            + "}]"
            + tail);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Content chunks of one step. */
  public final class Content {
    private final TokenText text;

    private Content(TokenText text) {
      this.text = text;
    }

    /** Chunks {@code first} and on, {@code count} of them, to be written at once. */
    public Buffer chunks(int first, int count) {
      int size = beforeText.length + text.size() + afterText.length;
      byte[] bytes = new byte[Math.multiplyExact(size, count)];
      for (int chunk = 0; chunk < count; chunk++) {
        int at = chunk * size;
        System.arraycopy(beforeText, 0, bytes, at, beforeText.length);
        text.write(bytes, at + beforeText.length, first + chunk);
        System.arraycopy(afterText, 0, bytes, at + size - afterText.length, afterText.length);
      }
      return Buffer.buffer(bytes);
    }
  }
}
