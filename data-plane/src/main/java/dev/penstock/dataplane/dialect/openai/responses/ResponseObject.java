package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Tool;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import dev.penstock.dataplane.dialect.json.JsonBody;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of a response object that only repeat what was asked. The open specification of this
 * dialect demands that each is there, in every response of a stream. The prompt is not repeated.
 */
final class ResponseObject {

  private static final double DEFAULT_SAMPLING = 1;

  private final ModelRequest request;
  private @Nullable String members;

  ResponseObject(ModelRequest request) {
    this.request = request;
  }

  /** Writes them after other members of the object. */
  void writeRest(JsonGenerator json) throws IOException {
    if (members == null) {
      String object = JsonBody.of(this::write).toString();
      members = "," + object.substring(1, object.length() - 1);
    }
    json.writeRaw(members);
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeBooleanField("background", false);
    json.writeNullField("instructions");
    if (request.maxOutputTokens().isPresent()) {
      json.writeNumberField("max_output_tokens", request.maxOutputTokens().getAsLong());
    } else {
      json.writeNullField("max_output_tokens");
    }
    json.writeNullField("max_tool_calls");
    metadata(json);
    json.writeBooleanField("parallel_tool_calls", request.parallelTools().orElse(true));
    json.writeNullField("previous_response_id");
    text(json, "prompt_cache_key", request.cacheKey());
    reasoning(json);
    text(json, "safety_identifier", request.endUser());
    json.writeStringField("service_tier", "default");
    json.writeBooleanField("store", false);
    sampling(json);
    format(json);
    tools(json);
    json.writeNumberField("top_logprobs", 0);
    json.writeStringField("truncation", "disabled");
    json.writeNullField("user");
  }

  private static void text(JsonGenerator json, String name, Optional<String> text)
      throws IOException {
    json.writeStringField(name, text.orElse(null));
  }

  private void metadata(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("metadata");
    for (Map.Entry<String, String> each : request.metadata().entrySet()) {
      json.writeStringField(each.getKey(), each.getValue());
    }
    json.writeEndObject();
  }

  private void reasoning(JsonGenerator json) throws IOException {
    String effort = RequestWriter.effort(request.reasoning());
    json.writeObjectFieldStart("reasoning");
    json.writeStringField("effort", effort.isEmpty() ? null : effort);
    json.writeNullField("summary");
    json.writeEndObject();
  }

  private void sampling(JsonGenerator json) throws IOException {
    json.writeNumberField("temperature", request.sampling().temperature().orElse(DEFAULT_SAMPLING));
    json.writeNumberField("top_p", request.sampling().topP().orElse(DEFAULT_SAMPLING));
    json.writeNumberField("presence_penalty", request.sampling().presencePenalty().orElse(0));
    json.writeNumberField("frequency_penalty", request.sampling().frequencyPenalty().orElse(0));
  }

  private void format(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("text");
    RequestWriter.format(json, request.format());
    json.writeStringField("verbosity", request.verbosity().orElse("medium"));
    json.writeEndObject();
  }

  private void tools(JsonGenerator json) throws IOException {
    RequestWriter.choice(
        json,
        request.toolChoice() instanceof ToolChoice.Unstated
            ? new ToolChoice.Auto()
            : request.toolChoice());
    json.writeArrayFieldStart("tools");
    for (Tool tool : request.tools()) {
      RequestWriter.tool(json, tool);
    }
    json.writeEndArray();
  }
}
