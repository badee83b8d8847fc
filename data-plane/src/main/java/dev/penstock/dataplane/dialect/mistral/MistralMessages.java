package dev.penstock.dataplane.dialect.mistral;

import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import dev.penstock.dataplane.dialect.openai.chat.CallFields;
import dev.penstock.dataplane.dialect.openai.chat.ChatFields;
import dev.penstock.dataplane.dialect.openai.chat.ContentFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads Mistral's {@code messages}. */
final class MistralMessages {

  private static final int MAX_MESSAGES = 10_000;
  private static final Set<String> PLAIN = Set.of("role", "content");
  private static final Set<String> ASSISTANT = Set.of("role", "content", "tool_calls", "prefix");
  private static final Set<String> TOOL = Set.of("role", "content", "tool_call_id", "name");

  private final Uses uses;
  private final ContentFields contents;

  MistralMessages(Uses uses) {
    this.uses = uses;
    this.contents = new ContentFields(new MistralParts(uses)::part);
  }

  List<Turn> read(Field root) {
    Field messages = root.need("messages");
    List<Field> items = messages.items(MAX_MESSAGES);
    if (items.isEmpty()) {
      throw messages.invalid("The field messages is empty; give at least one message.");
    }
    List<Turn> turns = new ArrayList<>(items.size());
    for (Field message : items) {
      turns.add(turn(message, message == items.getLast()));
    }
    CallFields.requireAnswered(turns);
    return turns;
  }

  private Turn turn(Field message, boolean last) {
    Field role = message.need("role");
    return switch (role.text()) {
      case "system" -> {
        message.noteUnknown(PLAIN, uses);
        yield new Turn.System(contents.texts(message));
      }
      case "user" -> {
        message.noteUnknown(PLAIN, uses);
        yield new Turn.User(contents.read(message.need("content")));
      }
      case "assistant" -> {
        message.noteUnknown(ASSISTANT, uses);
        prefix(message, last);
        List<Part> said = new ArrayList<>();
        message.find("content").map(contents::read).ifPresent(said::addAll);
        said.addAll(CallFields.calls(message, uses));
        yield new Turn.Assistant(said);
      }
      case "tool" -> {
        message.noteUnknown(TOOL, uses);
        String id = message.need("tool_call_id").text();
        yield new Turn.ToolResult(
            id, contents.read(message.need("content")), false, message.path());
      }
      default ->
          throw role.invalid(
              "The field %s must be one of assistant, system, tool, user.".formatted(role.path()));
    };
  }

  private void prefix(Field message, boolean last) {
    boolean prefix = ChatFields.flag(message, "prefix");
    if (prefix && !last) {
      throw message.invalid(
          "The field %s.prefix may be true in the last message only.".formatted(message.path()));
    }
    if (last && !prefix) {
      throw message.invalid(
          "The last message must be of the user or of a tool, or have \"prefix\": true.");
    }
    if (prefix) {
      uses.note(Feature.PREFILL, message.path());
    }
  }
}
