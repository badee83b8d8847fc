package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.refuse.Rejection;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/** Anthropic: a version in every head, and the key in {@code x-api-key} or as bearer. */
public final class AnthropicProvider implements Provider {
  public static final String VERSION = "anthropic-version";

  @Override
  public String word() {
    return "anthropic";
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("x-api-key", "authorization");
  }

  @Override
  public void checkHead(Head head) throws Rejection {
    ApiVersion.of(head);
  }

  @Override
  public Map<String, String> headers(String requestId) {
    return Map.of(
        "request-id",
        requestId,
        "anthropic-organization-id",
        "00000000-0000-4000-8000-000000000000");
  }

  @Override
  public Buffer error(Complaint complaint, String requestId) {
    return Buffer.buffer(AnthropicErrors.body(complaint, requestId).toString());
  }

  @Override
  public ObjectNode model(String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "model")
        .put("id", name)
        .put("display_name", name)
        .put("created_at", "2023-11-14T22:13:20Z");
  }

  @Override
  public JsonNode models(List<String> names) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    ArrayNode data = list.putArray("data");
    names.forEach(name -> data.add(model(name)));
    return list.put("has_more", false)
        .put("first_id", names.getFirst())
        .put("last_id", names.getLast());
  }
}
