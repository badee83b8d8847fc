package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.OutputFormat;
import dev.penstock.dataplane.dialect.ModelRequest.Sampling;
import dev.penstock.dataplane.dialect.ModelRequest.Tool;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import dev.penstock.dataplane.dialect.RequestEncoder;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a request for a provider, in the words of version 2023-06-01, which also has sampling
 * parameters.
 *
 * <p>Source: Anthropic API reference, "Create a Message".
 */
final class RequestWriter implements RequestEncoder {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public Buffer encode(ModelRequest request, Target target) {
    CallOrder.check(request.turns());
    Conversation conversation = Conversation.of(request.turns());
    long maxTokens = maxTokens(request, target);
    ThinkingPlan thinking = ThinkingPlan.of(request, target, maxTokens);
    return JsonBody.of(json -> {
      json.writeStringField("model", target.model());
      json.writeNumberField("max_tokens", maxTokens);
      conversation.write(json);
      writeTools(json, request);
      writeSampling(json, request.sampling().withTemperatureUpTo(1));
      writeStop(json, request);
      thinking.write(json);
      writeOutput(json, request.format(), thinking);
      writeUser(json, request.endUser());
      if (request.stream()) {
        json.writeBooleanField("stream", true);
      }
    });
  }

  private static long maxTokens(ModelRequest request, Target target) {
    if (request.maxOutputTokens().isPresent()) {
      return request.maxOutputTokens().getAsLong();
    }
    return target
        .maxOutputTokens()
        .orElseThrow(() ->
            Refusal.ofField(
                    Code.INVALID_REQUEST,
                    "max_tokens",
                    "This model's provider has to be told how long the answer may be, and the catalogue does not say; state a limit on output tokens.")
                .toException());
  }

  private static void writeTools(JsonGenerator json, ModelRequest request) throws IOException {
    if (request.tools().isEmpty()) {
      return; // without tools the provider takes no choice of one either
    }
    json.writeArrayFieldStart("tools");
    for (Tool tool : request.tools()) {
      writeTool(json, tool);
    }
    json.writeEndArray();
    writeChoice(json, request.toolChoice(), request.parallelTools());
  }

  private static void writeTool(JsonGenerator json, Tool tool) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", tool.name());
    if (!tool.description().isEmpty()) {
      json.writeStringField("description", tool.description());
    }
    json.writeObjectFieldStart("input_schema");
    if (!tool.parameters().has("type")) {
      json.writeStringField("type", "object"); // which the provider demands
    }
    for (Map.Entry<String, JsonNode> member : tool.parameters().properties()) {
      json.writeFieldName(member.getKey());
      JSON.writeTree(json, member.getValue());
    }
    json.writeEndObject();
    if (tool.strict().orElse(false)) {
      json.writeBooleanField("strict", true);
    }
    json.writeEndObject();
  }

  private static void writeChoice(JsonGenerator json, ToolChoice choice, Optional<Boolean> parallel)
      throws IOException {
    boolean single = parallel.isPresent() && !parallel.get();
    String type =
        switch (choice) {
          case ToolChoice.Unstated _ -> single ? "auto" : "";
          case ToolChoice.Auto _ -> "auto";
          case ToolChoice.None _ -> "none";
          case ToolChoice.Any _ -> "any";
          case ToolChoice.Named _ -> "tool";
        };
    if (type.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("tool_choice");
    json.writeStringField("type", type);
    if (choice instanceof ToolChoice.Named named) {
      json.writeStringField("name", named.name());
    }
    if (single && !(choice instanceof ToolChoice.None)) {
      json.writeBooleanField("disable_parallel_tool_use", true);
    }
    json.writeEndObject();
  }

  /** What the provider cannot take has been refused or dropped before, and named. */
  private static void writeSampling(JsonGenerator json, Sampling sampling) throws IOException {
    if (sampling.temperature().isPresent()) {
      json.writeNumberField("temperature", sampling.temperature().getAsDouble());
    }
    if (sampling.topP().isPresent()) {
      json.writeNumberField("top_p", sampling.topP().getAsDouble());
    }
    if (sampling.topK().isPresent()) {
      json.writeNumberField("top_k", sampling.topK().getAsLong());
    }
  }

  private static void writeStop(JsonGenerator json, ModelRequest request) throws IOException {
    if (request.stop().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("stop_sequences");
    for (String stop : request.stop()) {
      json.writeString(stop);
    }
    json.writeEndArray();
  }

  private static void writeOutput(JsonGenerator json, OutputFormat format, ThinkingPlan thinking)
      throws IOException {
    Optional<JsonNode> schema =
        format instanceof OutputFormat.JsonSchema given
            ? Optional.of(given.schema())
            : Optional.empty();
    if (schema.isEmpty() && thinking.effort().isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("output_config");
    if (thinking.effort().isPresent()) {
      json.writeStringField("effort", thinking.effort().get());
    }
    if (schema.isPresent()) {
      json.writeObjectFieldStart("format");
      json.writeStringField("type", "json_schema");
      json.writeFieldName("schema");
      JSON.writeTree(json, schema.get());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void writeUser(JsonGenerator json, Optional<String> user) throws IOException {
    if (user.isPresent()) {
      json.writeObjectFieldStart("metadata");
      json.writeStringField("user_id", user.get());
      json.writeEndObject();
    }
  }
}
