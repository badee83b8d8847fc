package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.OutputFormat;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Tool;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import dev.penstock.dataplane.dialect.RequestEncoder;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.dialect.json.JsonBody;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** Writes what a provider is asked. Source: OpenAI API reference, "Create a model response". */
final class RequestWriter implements RequestEncoder {

  @Override
  public Buffer encode(ModelRequest request, Target target) {
    return JsonBody.of(json -> {
      json.writeStringField("model", target.model());
      new InputWriter(json).write(request.turns());
      tools(json, request);
      text(json, request);
      reasoning(json, request.reasoning());
      if (request.maxOutputTokens().isPresent()) {
        json.writeNumberField("max_output_tokens", request.maxOutputTokens().getAsLong());
      }
      sampling(json, request);
      labels(json, request);
      // The client of another dialect could never fetch what is kept.
      json.writeBooleanField("store", false);
      stream(json, request, target);
    });
  }

  private static void tools(JsonGenerator json, ModelRequest request) throws IOException {
    if (!request.tools().isEmpty()) {
      json.writeArrayFieldStart("tools");
      for (Tool tool : request.tools()) {
        tool(json, tool);
      }
      json.writeEndArray();
    }
    choice(json, request.toolChoice());
    if (request.parallelTools().isPresent()) {
      json.writeBooleanField("parallel_tool_calls", request.parallelTools().get());
    }
  }

  static void tool(JsonGenerator json, Tool tool) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "function");
    json.writeStringField("name", tool.name());
    if (!tool.description().isEmpty()) {
      json.writeStringField("description", tool.description());
    }
    parameters(json, tool);
    // This dialect alone is strict where nothing is said, which would rewrite a client's schema.
    json.writeBooleanField("strict", tool.strict().orElse(false));
    json.writeEndObject();
  }

  /** A schema without a type is refused, also that of a tool that takes nothing. */
  private static void parameters(JsonGenerator json, Tool tool) throws IOException {
    if (tool.parameters().isEmpty()) {
      json.writeObjectFieldStart("parameters");
      json.writeStringField("type", "object");
      json.writeObjectFieldStart("properties");
      json.writeEndObject();
      json.writeEndObject();
      return;
    }
    json.writeFieldName("parameters");
    json.writeTree(tool.parameters());
  }

  static void choice(JsonGenerator json, ToolChoice choice) throws IOException {
    switch (choice) {
      case ToolChoice.Unstated _ -> {}
      case ToolChoice.Auto _ -> json.writeStringField("tool_choice", "auto");
      case ToolChoice.None _ -> json.writeStringField("tool_choice", "none");
      case ToolChoice.Any _ -> json.writeStringField("tool_choice", "required");
      case ToolChoice.Named named -> {
        json.writeObjectFieldStart("tool_choice");
        json.writeStringField("type", "function");
        json.writeStringField("name", named.name());
        json.writeEndObject();
      }
    }
  }

  private static void text(JsonGenerator json, ModelRequest request) throws IOException {
    if (request.format() instanceof OutputFormat.Text && request.verbosity().isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("text");
    format(json, request.format());
    if (request.verbosity().isPresent()) {
      json.writeStringField("verbosity", request.verbosity().get());
    }
    json.writeEndObject();
  }

  static void format(JsonGenerator json, OutputFormat format) throws IOException {
    json.writeObjectFieldStart("format");
    switch (format) {
      case OutputFormat.Text _ -> json.writeStringField("type", "text");
      case OutputFormat.JsonObject _ -> json.writeStringField("type", "json_object");
      case OutputFormat.JsonSchema schema -> {
        json.writeStringField("type", "json_schema");
        json.writeStringField("name", schema.name());
        if (!schema.description().isEmpty()) {
          json.writeStringField("description", schema.description());
        }
        json.writeFieldName("schema");
        json.writeTree(schema.schema());
        if (schema.strict().isPresent()) {
          json.writeBooleanField("strict", schema.strict().get());
        }
      }
    }
    json.writeEndObject();
  }

  private static void reasoning(JsonGenerator json, Reasoning reasoning) throws IOException {
    String effort = effort(reasoning);
    if (!effort.isEmpty()) {
      json.writeObjectFieldStart("reasoning");
      json.writeStringField("effort", effort);
      json.writeEndObject();
    }
    // What is not kept has to come along, or the model's thoughts are lost between two calls of
    // tools. Models that do not reason refuse to be asked for it.
    if (!(reasoning instanceof Reasoning.Unstated) && !(reasoning instanceof Reasoning.Off)) {
      json.writeArrayFieldStart("include");
      json.writeString("reasoning.encrypted_content");
      json.writeEndArray();
    }
  }

  /** Empty: as much as the model finds right. */
  static String effort(Reasoning reasoning) {
    return switch (reasoning) {
      case Reasoning.Unstated _, Reasoning.Adaptive _ -> "";
      case Reasoning.Off _ -> "none";
      case Reasoning.Effort effort -> word(effort.level());
      case Reasoning.Budget budget -> word(budget.level());
    };
  }

  private static String word(Reasoning.Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static void sampling(JsonGenerator json, ModelRequest request) throws IOException {
    if (request.sampling().temperature().isPresent()) {
      json.writeNumberField("temperature", request.sampling().temperature().getAsDouble());
    }
    if (request.sampling().topP().isPresent()) {
      json.writeNumberField("top_p", request.sampling().topP().getAsDouble());
    }
  }

  private static void labels(JsonGenerator json, ModelRequest request) throws IOException {
    if (!request.metadata().isEmpty()) {
      json.writeObjectFieldStart("metadata");
      for (Map.Entry<String, String> each : request.metadata().entrySet()) {
        json.writeStringField(each.getKey(), each.getValue());
      }
      json.writeEndObject();
    }
    if (request.endUser().isPresent()) {
      json.writeStringField("safety_identifier", request.endUser().get());
    }
    if (request.cacheKey().isPresent()) {
      json.writeStringField("prompt_cache_key", request.cacheKey().get());
    }
    if (request.serviceTier().isPresent()) {
      json.writeStringField("service_tier", request.serviceTier().get());
    }
  }

  private static void stream(JsonGenerator json, ModelRequest request, Target target)
      throws IOException {
    if (!request.stream()) {
      return;
    }
    json.writeBooleanField("stream", true);
    if (!target.traits().contains(Trait.COMPATIBLE)) {
      // The padding hides lengths from who watches the line to the provider, and costs as much as
      // the text; translated events have other lengths anyway.
      json.writeObjectFieldStart("stream_options");
      json.writeBooleanField("include_obfuscation", false);
      json.writeEndObject();
    }
  }
}
