package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.script.Step.Event;
import dev.penstock.providersim.script.Step.Text;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Gathers what a stream would have sent into the one document of an unstreamed answer. */
public final class WholeAnswer {
  private final ReplyId id;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final ArrayNode toolCalls = JsonNodeFactory.instance.arrayNode();

  public WholeAnswer(ReplyId id) {
    this.id = id;
  }

  public void add(Text step, int first, int count) {
    TokenText words = new TokenText(step);
    byte[] chunk = new byte[words.size()];
    for (int i = 0; i < count; i++) {
      words.write(chunk, 0, first + i);
      text.writeBytes(chunk);
    }
  }

  /** Content and complete tool calls are taken over; pieces of tool calls are not joined. */
  public void add(Event event) {
    JsonNode delta = event.data().path("choices").path(0).path("delta");
    text.writeBytes(delta.path("content").asText("").getBytes(StandardCharsets.UTF_8));
    delta.path("tool_calls").forEach(toolCalls::add);
  }

  /** The document. */
  public Buffer json(String finishReason, Usage usage) {
    String calls = toolCalls.isEmpty() ? "" : ",\"tool_calls\":" + toolCalls;
    return Buffer.buffer(
        """
        {"id":"%s","object":"chat.completion","created":%d,"model":%s,"choices":[{"index":0,\
        "message":{"role":"assistant","content":%s,"refusal":null,"annotations":[]%s},\
        "logprobs":null,"finish_reason":%s}],"usage":%s,"service_tier":"default",\
        "system_fingerprint":"%s"}
        """
            .formatted(
                id.id(),
                id.created(),
                TextNode.valueOf(id.model()),
                TextNode.valueOf(text.toString(StandardCharsets.UTF_8)),
                calls,
                TextNode.valueOf(finishReason),
                UsageShape.json(usage),
                ReplyId.FINGERPRINT));
  }
}
