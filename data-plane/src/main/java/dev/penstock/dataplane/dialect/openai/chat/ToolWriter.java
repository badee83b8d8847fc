package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.OutputFormat;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Tool;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Writes {@code tools}, {@code tool_calls} and {@code response_format} for OpenAI and Mistral. */
public final class ToolWriter {

  private final JsonGenerator json;

  /**
   * @param json stands inside an object
   */
  public ToolWriter(JsonGenerator json) {
    this.json = json;
  }

  /**
   * The tools, and which are to be called; nothing where there are none, as a choice without tools
   * is refused everywhere.
   *
   * @param any the dialect's word for "some tool"
   */
  public void tools(ModelRequest request, String any) throws IOException {
    if (request.tools().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("tools");
    for (Tool tool : request.tools()) {
      tool(tool);
    }
    json.writeEndArray();
    switch (request.toolChoice()) {
      case ToolChoice.Unstated _ -> {}
      case ToolChoice.Auto _ -> json.writeStringField("tool_choice", "auto");
      case ToolChoice.None _ -> json.writeStringField("tool_choice", "none");
      case ToolChoice.Any _ -> json.writeStringField("tool_choice", any);
      case ToolChoice.Named named -> choice(named);
    }
    if (request.parallelTools().isPresent()) {
      json.writeBooleanField("parallel_tool_calls", request.parallelTools().get());
    }
  }

  private void choice(ToolChoice.Named named) throws IOException {
    json.writeObjectFieldStart("tool_choice");
    json.writeStringField("type", "function");
    json.writeObjectFieldStart("function");
    json.writeStringField("name", named.name());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void tool(Tool tool) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "function");
    json.writeObjectFieldStart("function");
    json.writeStringField("name", tool.name());
    described(tool.description());
    json.writeFieldName("parameters");
    parameters(tool.parameters());
    strict(tool.strict());
    json.writeEndObject();
    json.writeEndObject();
  }

  /** A schema without a type is refused by some providers. */
  private void parameters(JsonNode parameters) throws IOException {
    if (!parameters.isEmpty()) {
      json.writeTree(parameters);
      return;
    }
    json.writeStartObject();
    json.writeStringField("type", "object");
    json.writeObjectFieldStart("properties");
    json.writeEndObject();
    json.writeEndObject();
  }

  private void described(String description) throws IOException {
    if (!description.isEmpty()) {
      json.writeStringField("description", description);
    }
  }

  private void strict(Optional<Boolean> strict) throws IOException {
    if (strict.isPresent()) {
      json.writeBooleanField("strict", strict.get());
    }
  }

  public void format(OutputFormat format) throws IOException {
    switch (format) {
      case OutputFormat.Text _ -> {}
      case OutputFormat.JsonObject _ -> {
        json.writeObjectFieldStart("response_format");
        json.writeStringField("type", "json_object");
        json.writeEndObject();
      }
      case OutputFormat.JsonSchema schema -> schema(schema);
    }
  }

  private void schema(OutputFormat.JsonSchema schema) throws IOException {
    json.writeObjectFieldStart("response_format");
    json.writeStringField("type", "json_schema");
    json.writeObjectFieldStart("json_schema");
    json.writeStringField("name", schema.name());
    described(schema.description());
    json.writeFieldName("schema");
    json.writeTree(schema.schema());
    strict(schema.strict());
    json.writeEndObject();
    json.writeEndObject();
  }

  /** The calls of an assistant's turn; nothing where there are none. */
  public void calls(List<Part> parts, UnaryOperator<String> ids) throws IOException {
    List<Part.ToolCall> calls =
        parts.stream()
            .filter(Part.ToolCall.class::isInstance)
            .map(Part.ToolCall.class::cast)
            .toList();
    if (calls.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("tool_calls");
    for (Part.ToolCall call : calls) {
      call(json, ids.apply(call.id()), call.name(), call.arguments());
    }
    json.writeEndArray();
  }

  /** The calls of an answer; nothing where there are none. */
  public static void answered(JsonGenerator json, List<GatheredAnswer.Call> calls)
      throws IOException {
    if (calls.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("tool_calls");
    for (GatheredAnswer.Call call : calls) {
      call(json, call.id(), call.name(), call.arguments());
    }
    json.writeEndArray();
  }

  private static void call(JsonGenerator json, String id, String name, String arguments)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("type", "function");
    json.writeObjectFieldStart("function");
    json.writeStringField("name", name);
    json.writeStringField("arguments", arguments);
    json.writeEndObject();
    json.writeEndObject();
  }
}
