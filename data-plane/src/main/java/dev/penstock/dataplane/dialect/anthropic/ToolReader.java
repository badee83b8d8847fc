package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.Tool;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a request says of tools. A mark for the cache on a tool is noted, and not kept. */
final class ToolReader {

  private final List<Tool> tools = new ArrayList<>();
  private ToolChoice choice = new ToolChoice.Unstated();
  private Optional<Boolean> parallel = Optional.empty();

  ToolReader(FieldReader body) {
    body.objects("tools").forEach(this::readTool);
    body.object("tool_choice").ifPresent(this::readChoice);
  }

  List<Tool> tools() {
    return tools;
  }

  ToolChoice choice() {
    return choice;
  }

  /** Whether several tools may be called at once; empty: not stated. */
  Optional<Boolean> parallel() {
    return parallel;
  }

  private void readTool(FieldReader tool) {
    boolean function = tool.text("type").map("custom"::equals).orElse(true);
    if (!function) {
      tool.note(Feature.HOSTED_TOOLS, "type");
      return;
    }
    CacheMarks.read(tool);
    JsonNode schema =
        tool.node("input_schema")
            .filter(JsonNode::isObject)
            .orElseThrow(() -> tool.wrong("input_schema", "must be a JSON schema"));
    tools.add(
        new Tool(
            tool.requiredText("name"),
            tool.text("description").orElse(""),
            schema,
            tool.flag("strict")));
    tool.noteUnknown();
  }

  private void readChoice(FieldReader fields) {
    choice =
        switch (fields.requiredText("type")) {
          case "auto" -> new ToolChoice.Auto();
          case "any" -> new ToolChoice.Any();
          case "none" -> new ToolChoice.None();
          case "tool" -> new ToolChoice.Named(fields.requiredText("name"));
          default -> throw fields.wrong("type", "must be auto, any, tool or none");
        };
    parallel = fields.flag("disable_parallel_tool_use").map(disabled -> !disabled);
    fields.noteUnknown();
  }
}
