package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads OpenAI's {@code messages}. */
final class MessageFields {

  private static final int MAX_MESSAGES = 10_000;
  private static final Set<String> PLAIN = Set.of("role", "content");
  private static final Set<String> TOOL = Set.of("role", "content", "tool_call_id");
  private static final Set<String> ASSISTANT =
      Set.of("role", "content", "refusal", "tool_calls", "audio", "reasoning", "reasoning_content");

  private final Uses uses;
  private final ContentFields contents;

  MessageFields(Uses uses) {
    this.uses = uses;
    this.contents = new ContentFields(new PartFields(uses)::part);
  }

  List<Turn> read(Field root) {
    Field messages = root.need("messages");
    List<Turn> turns = new ArrayList<>();
    for (Field message : messages.items(MAX_MESSAGES)) {
      turn(message).ifPresent(turns::add);
    }
    if (messages.node().isEmpty()) {
      throw messages.invalid("The field messages is empty; give at least one message.");
    }
    CallFields.requireAnswered(turns);
    if (turns.size() > 0 && turns.getLast() instanceof Turn.Assistant) {
      uses.note(Feature.PREFILL, "messages[" + (messages.node().size() - 1) + "]");
    }
    return turns;
  }

  private Optional<Turn> turn(Field message) {
    Field role = message.need("role");
    return switch (role.text()) {
      case "system", "developer" -> {
        message.noteUnknown(PLAIN, uses);
        yield Optional.of(new Turn.System(contents.texts(message)));
      }
      case "user" -> {
        message.noteUnknown(PLAIN, uses);
        yield Optional.of(new Turn.User(contents.read(message.need("content"))));
      }
      case "assistant" -> Optional.of(assistant(message));
      case "tool" -> {
        message.noteUnknown(TOOL, uses);
        String id = message.need("tool_call_id").text();
        yield Optional.of(new Turn.ToolResult(id, contents.texts(message), false, message.path()));
      }
      case "function" -> {
        uses.note(Feature.UNKNOWN_FIELD, role.path());
        yield Optional.empty();
      }
      default ->
          throw role.invalid(
              "The field %s must be one of assistant, developer, system, tool, user."
                  .formatted(role.path()));
    };
  }

  private Turn assistant(Field message) {
    message.noteUnknown(ASSISTANT, uses);
    message.find("audio").ifPresent(audio -> uses.note(Feature.PROVIDER_STATE, audio.path()));
    List<Part> said = new ArrayList<>();
    message
        .find("reasoning_content")
        .or(() -> message.find("reasoning"))
        .ifPresent(thought -> said.add(thought(thought)));
    message.find("content").map(contents::read).ifPresent(said::addAll);
    message.find("refusal").map(Field::text).map(Part.Refusal::new).ifPresent(said::add);
    said.addAll(CallFields.calls(message, uses));
    return new Turn.Assistant(said);
  }

  private Part thought(Field thought) {
    uses.note(Feature.REASONING_HISTORY, thought.path());
    return new Part.Thought(thought.text(), "", Dialect.OPENAI_CHAT);
  }
}
