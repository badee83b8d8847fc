package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest.OutputFormat;
import dev.penstock.dataplane.dialect.ModelRequest.Tool;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code tools}, {@code tool_choice} and {@code response_format}, which OpenAI and Mistral
 * write alike.
 */
public final class ToolFields {

  private static final int MAX_TOOLS = 512;
  private static final int MAX_NAME = 64;
  private static final Set<String> TOOL = Set.of("type", "function");
  private static final Set<String> FUNCTION = Set.of("name", "description", "parameters", "strict");
  private static final Map<String, ToolChoice> CHOICES =
      Map.of(
          "none", new ToolChoice.None(),
          "auto", new ToolChoice.Auto(),
          "any", new ToolChoice.Any(),
          "required", new ToolChoice.Any());

  private ToolFields() {}

  public static List<Tool> tools(Field root, Uses uses) {
    Optional<Field> field = root.find("tools");
    if (field.isEmpty()) {
      return List.of();
    }
    List<Tool> tools = new ArrayList<>();
    for (Field tool : field.get().items(MAX_TOOLS)) {
      switch (type(tool)) {
        case "function" -> tools.add(function(tool, uses));
        case "custom" -> uses.note(Feature.CUSTOM_TOOLS, tool.path());
        default -> uses.note(Feature.HOSTED_TOOLS, tool.path());
      }
    }
    return tools;
  }

  /** Mistral lets it be left out; it then is a function. */
  private static String type(Field tool) {
    return tool.find("type").map(Field::text).orElse("function");
  }

  private static Tool function(Field tool, Uses uses) {
    tool.noteUnknown(TOOL, uses);
    Field function = tool.need("function");
    function.noteUnknown(FUNCTION, uses);
    return new Tool(
        function.need("name").text(MAX_NAME),
        function.find("description").map(Field::text).orElse(""),
        function.find("parameters").map(Field::object).map(Field::node).orElse(noParameters()),
        function.find("strict").map(Field::flag));
  }

  private static JsonNode noParameters() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ToolChoice choice(Field root, Uses uses) {
    Optional<Field> field = root.find("tool_choice");
    if (field.isEmpty()) {
      return new ToolChoice.Unstated();
    }
    Field choice = field.get();
    if (choice.node().isTextual()) {
      return choice.word(CHOICES);
    }
    return switch (type(choice.object())) {
      case "function" -> new ToolChoice.Named(choice.need("function").need("name").text(MAX_NAME));
      case "custom" -> unread(Feature.CUSTOM_TOOLS, choice, uses);
      case "allowed_tools" -> unread(Feature.ALLOWED_TOOLS, choice, uses);
      default -> unread(Feature.HOSTED_TOOLS, choice, uses);
    };
  }

  private static ToolChoice unread(Feature feature, Field choice, Uses uses) {
    uses.note(feature, choice.path());
    return new ToolChoice.Unstated();
  }

  public static OutputFormat format(Field root, Uses uses) {
    Optional<Field> field = root.find("response_format");
    if (field.isEmpty()) {
      return new OutputFormat.Text();
    }
    Field format = field.get();
    Field type = format.need("type");
    return switch (type.text()) {
      case "text" -> new OutputFormat.Text();
      case "json_object" -> {
        uses.note(Feature.JSON_OBJECT, type.path());
        yield new OutputFormat.JsonObject();
      }
      case "json_schema" -> schema(format.need("json_schema"), uses);
      default ->
          throw type.invalid(
              "The field %s must be one of json_object, json_schema, text.".formatted(type.path()));
    };
  }

  private static OutputFormat schema(Field schema, Uses uses) {
    schema.noteUnknown(Set.of("name", "description", "schema", "strict"), uses);
    return new OutputFormat.JsonSchema(
        schema.need("name").text(MAX_NAME),
        schema.find("description").map(Field::text).orElse(""),
        schema.need("schema").object().node(),
        schema.find("strict").map(Field::flag));
  }
}
