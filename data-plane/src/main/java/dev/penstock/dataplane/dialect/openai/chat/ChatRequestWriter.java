package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.dialect.json.JsonBody;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;

/**
 * Writes a chat completion request, for OpenAI and for servers that are compatible. Source: OpenAI
 * API reference, "Create chat completion"; vLLM, {@code entrypoints/openai}.
 */
final class ChatRequestWriter {

  private static final int MOST_STOPS = 4;

  private ChatRequestWriter() {}

  static Buffer write(ModelRequest request, Target target) {
    return JsonBody.of(json -> members(json, request, target));
  }

  private static void members(JsonGenerator json, ModelRequest request, Target target)
      throws IOException {
    boolean compatible = target.traits().contains(Trait.COMPATIBLE);
    FieldWriter fields = new FieldWriter(json);
    ToolWriter tools = new ToolWriter(json);
    json.writeStringField("model", target.model());
    new MessageWriter(json, target).write(request.turns());
    tools.tools(request, "required");
    tools.format(request.format());
    fields.whole(compatible ? "max_tokens" : "max_completion_tokens", request.maxOutputTokens());
    fields.sampling(request.sampling(), "seed");
    // More are refused before, or dropped by a route's wish.
    fields.stop(request.stop().size() > MOST_STOPS ? List.of() : request.stop());
    fields.reasoning(request.reasoning(), Level.MAX);
    fields.text("verbosity", request.verbosity());
    fields.text("user", request.endUser());
    fields.text("prompt_cache_key", request.cacheKey());
    fields.text("service_tier", request.serviceTier());
    if (request.stream()) {
      stream(json, target);
    }
  }

  /** Usage is always asked for, as what is not told cannot be charged. */
  private static void stream(JsonGenerator json, Target target) throws IOException {
    json.writeBooleanField("stream", true);
    json.writeObjectFieldStart("stream_options");
    json.writeBooleanField("include_usage", true);
    if (target.traits().contains(Trait.CONTINUOUS_USAGE)) {
      json.writeBooleanField("continuous_usage_stats", true);
    }
    json.writeEndObject();
  }
}
