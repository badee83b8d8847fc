package dev.penstock.providersim.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.RandomId;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.openai.OpenAiUsage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The response object, with every field that OpenAI sends: what was asked for, or its default. */
final class ResponseObject {
  private static final List<String> OR_NULL =
      List.of(
          "instructions",
          "max_output_tokens",
          "max_tool_calls",
          "prompt_cache_key",
          "safety_identifier",
          "user");

  private final String id = RandomId.of("resp_", 48);
  private final long createdAt = Instant.now().getEpochSecond();
  private final String model;
  private final JsonNode asked;

  ResponseObject(String model, JsonNode asked) {
    this.model = model;
    this.asked = asked;
  }

  /** Not at its end yet, and without output. */
  ObjectNode running() {
    return json("in_progress", List.of(), null);
  }

  /** At its end, whatever that is. */
  ObjectNode ended(Ended ended, List<JsonNode> output, @Nullable Usage usage) {
    ObjectNode response = json(ended.status(), output, usage);
    if (ended.isComplete()) {
      response.put("completed_at", Instant.now().getEpochSecond());
    }
    if (ended.incompleteReason() != null) {
      response.putObject("incomplete_details").put("reason", ended.incompleteReason());
    }
    return response;
  }

  private ObjectNode json(String status, List<JsonNode> output, @Nullable Usage usage) {
    ObjectNode response =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("object", "response")
            .put("created_at", createdAt)
            .put("status", status)
            .put("background", false)
            .putNull("completed_at")
            .putNull("error")
            .putNull("incomplete_details")
            .put("model", model);
    response.putArray("output").addAll(output);
    response.putNull("previous_response_id");
    settings(response);
    response.set("usage", usage == null ? null : OpenAiUsage.responses(usage));
    return response;
  }

  private void settings(ObjectNode response) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    OR_NULL.forEach(name -> echo(response, name, json.nullNode()));
    echo(response, "parallel_tool_calls", json.booleanNode(true));
    echo(response, "store", json.booleanNode(true));
    echo(response, "temperature", json.numberNode(1.0));
    echo(response, "top_p", json.numberNode(1.0));
    echo(response, "top_logprobs", json.numberNode(0));
    echo(response, "truncation", json.textNode("disabled"));
    echo(response, "tool_choice", json.textNode("auto"));
    echo(response, "tools", json.arrayNode());
    echo(response, "metadata", json.objectNode());
    response.put("service_tier", "default");
    response.put("presence_penalty", 0.0).put("frequency_penalty", 0.0);
    ObjectNode text = json.objectNode();
    text.putObject("format").put("type", "text");
    text.put("verbosity", "medium").setAll(objectOr(asked.path("text")));
    response.set("text", text);
    ObjectNode reasoning = json.objectNode().putNull("effort").putNull("summary");
    reasoning.setAll(objectOr(asked.path("reasoning")));
    response.set("reasoning", reasoning);
  }

  private void echo(ObjectNode response, String name, JsonNode absent) {
    response.set(name, asked.hasNonNull(name) ? asked.get(name) : absent);
  }

  private static ObjectNode objectOr(JsonNode given) {
    return given instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
  }
}
