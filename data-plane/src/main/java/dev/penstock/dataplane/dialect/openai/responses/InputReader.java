package dev.penstock.dataplane.dialect.openai.responses;

import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.ReasoningMark;
import dev.penstock.dataplane.dialect.ReasoningMark.Kind;
import dev.penstock.dataplane.dialect.field.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the conversation: {@code instructions} first, then the items of {@code input}. What an
 * assistant said, thought and called in items one after the other becomes one turn. Used once.
 */
final class InputReader {

  private final List<Turn> turns = new ArrayList<>();
  private final List<Part> assistant = new ArrayList<>();

  List<Turn> read(FieldReader request) {
    request.text("instructions").ifPresent(text -> turns.add(new Turn.System(only(text))));
    Field input = request.need("input");
    if (input.node().isTextual()) {
      turns.add(new Turn.User(only(input.text())));
    } else {
      request.objects("input").forEach(this::item);
      endAssistant();
    }
    return turns;
  }

  private static List<Part> only(String text) {
    return List.of(new Part.Text(text, Optional.empty()));
  }

  private void item(FieldReader item) {
    switch (item.text("type").orElse("message")) {
      case "message" -> message(item);
      case "function_call" -> assistant.add(call(item));
      case "function_call_output" -> result(item);
      case "reasoning" -> reasoning(item);
      case "item_reference" -> unread(item, Feature.PROVIDER_STATE);
      case "custom_tool_call", "custom_tool_call_output" -> unread(item, Feature.CUSTOM_TOOLS);
      default -> unread(item, Feature.HOSTED_TOOLS);
    }
  }

  private static void unread(FieldReader item, Feature feature) {
    item.note(feature, "type");
  }

  private void message(FieldReader item) {
    String role = item.requiredText("role");
    item.has("id"); // of a message that the provider wrote, as are status and phase
    item.has("status");
    item.has("phase");
    List<Part> parts = content(item, "content");
    item.noteUnknown();
    switch (role) {
      case "user" -> turn(new Turn.User(parts));
      case "system", "developer" -> turn(new Turn.System(parts));
      case "assistant" -> assistant.addAll(parts);
      default -> throw item.wrong("role", "must be user, assistant, system or developer");
    }
  }

  private void turn(Turn turn) {
    endAssistant();
    turns.add(turn);
  }

  private void endAssistant() {
    if (!assistant.isEmpty()) {
      turns.add(new Turn.Assistant(assistant));
      assistant.clear();
    }
  }

  private static List<Part> content(FieldReader item, String field) {
    Field content = item.need(field);
    return content.node().isTextual()
        ? only(content.text())
        : PartReader.parts(item.objects(field));
  }

  private static Part call(FieldReader item) {
    item.has("id");
    item.has("status");
    String arguments = item.text("arguments").orElse("");
    Part call =
        new Part.ToolCall(
            item.requiredText("call_id"),
            item.requiredText("name"),
            arguments.isBlank() ? "{}" : arguments,
            item.path());
    if (!arguments.isBlank() && !Arguments.isObject(arguments)) {
      throw item.wrong("arguments", "must be the text of a JSON object");
    }
    item.noteUnknown();
    return call;
  }

  private void result(FieldReader item) {
    item.has("id");
    item.has("status");
    List<Part> parts = content(item, "output");
    if (parts.stream().anyMatch(InputReader::isImage)) {
      item.note(Feature.IMAGE_IN_TOOL_RESULT, "output");
    }
    turn(new Turn.ToolResult(item.requiredText("call_id"), parts, false, item.path()));
    item.noteUnknown();
  }

  private static boolean isImage(Part part) {
    return part instanceof Part.ImageData || part instanceof Part.ImageUrl;
  }

  /** Its id names it at the provider that keeps it, and means nothing elsewhere. */
  private void reasoning(FieldReader item) {
    item.note(Feature.REASONING_HISTORY, "type");
    String id = item.text("id").orElse("");
    item.has("status");
    ReasoningMark mark =
        ReasoningMark.sentBy(
            Dialect.OPENAI_RESPONSES, item.text("encrypted_content").orElse(""), Kind.ENCRYPTED);
    String summary = thoughts(item, "summary");
    String thoughts = thoughts(item, "content");
    item.noteUnknown();
    String text = summary.isEmpty() ? thoughts : summary;
    if (!text.isEmpty() || mark.kind() == Kind.SIGNATURE) {
      assistant.add(new Part.Thought(text, mark.value(), mark.madeBy()));
    } else if (!mark.value().isEmpty()) {
      assistant.add(new Part.EncryptedThought(mark.value(), id, mark.madeBy()));
    }
  }

  private static String thoughts(FieldReader item, String field) {
    return item.objects(field).stream()
        .map(part -> part.requiredText("text"))
        .collect(Collectors.joining(AnswerReader.BETWEEN_THOUGHTS));
  }
}
