package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.Tool;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import dev.penstock.dataplane.dialect.field.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the tools of a request and which of them is to be called. */
final class ToolReader {

  private ToolReader() {}

  static List<Tool> tools(FieldReader request) {
    List<Tool> tools = new ArrayList<>();
    for (FieldReader tool : request.objects("tools")) {
      switch (tool.requiredText("type")) {
        case "function" -> tools.add(function(tool));
        case "custom" -> tool.note(Feature.CUSTOM_TOOLS, "type");
        default -> tool.note(Feature.HOSTED_TOOLS, "type");
      }
    }
    return tools;
  }

  private static Tool function(FieldReader tool) {
    JsonNode parameters =
        tool.find("parameters")
            .map(given -> given.object().node())
            .orElseGet(JsonNodeFactory.instance::objectNode);
    Tool function =
        new Tool(
            tool.requiredText("name"),
            tool.text("description").orElse(""),
            parameters,
            tool.flag("strict"));
    tool.noteUnknown();
    return function;
  }

  static ToolChoice choice(FieldReader request) {
    Optional<Field> choice = request.find("tool_choice");
    if (choice.isEmpty()) {
      return new ToolChoice.Unstated();
    }
    return choice.get().node().isTextual()
        ? choice(request, choice.get().text())
        : choiceOf(request.requiredObject("tool_choice"));
  }

  private static ToolChoice choice(FieldReader request, String word) {
    return switch (word) {
      case "auto" -> new ToolChoice.Auto();
      case "none" -> new ToolChoice.None();
      case "required" -> new ToolChoice.Any();
      default ->
          throw request.wrong(
              "tool_choice", "must be auto, none, required or an object with a type");
    };
  }

  /** What is not carried is noted; where it may be dropped, the model chooses by itself. */
  private static ToolChoice choiceOf(FieldReader choice) {
    switch (choice.requiredText("type")) {
      case "function" -> {
        ToolChoice named = new ToolChoice.Named(choice.requiredText("name"));
        choice.noteUnknown();
        return named;
      }
      case "allowed_tools" -> choice.note(Feature.ALLOWED_TOOLS, "type");
      case "custom" -> choice.note(Feature.CUSTOM_TOOLS, "type");
      default -> choice.note(Feature.HOSTED_TOOLS, "type");
    }
    return new ToolChoice.Auto();
  }
}
