package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.CacheMark;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the conversation. The results of tools stand inside a user's turn on this wire; they become
 * turns of their own, before what else the user says.
 */
final class TurnReader {

  /** As the API has it. */
  static final int MAX_MESSAGES = 100_000;

  private final BlockReader blocks;
  private final List<Turn> turns = new ArrayList<>();

  TurnReader(ApiVersion version) {
    blocks = new BlockReader(version);
  }

  List<Turn> read(FieldReader body) {
    if (body.has("system")) {
      turns.add(new Turn.System(blocks.texts(body, "system")));
    }
    List<FieldReader> messages = body.objects("messages");
    if (messages.isEmpty() || messages.size() > MAX_MESSAGES) {
      throw body.wrong("messages", "must have 1 to " + MAX_MESSAGES + " messages");
    }
    messages.forEach(this::readMessage);
    if (turns.isEmpty()) {
      throw body.wrong("messages", "must say something to answer");
    }
    if (turns.getLast() instanceof Turn.Assistant) {
      body.note(Feature.PREFILL, "messages[" + (messages.size() - 1) + "]");
    }
    CacheMarks.read(body).ifPresent(this::markEnd);
    return turns;
  }

  private void readMessage(FieldReader message) {
    switch (message.requiredText("role")) {
      case "user" -> readUser(message);
      case "assistant" -> turns.add(new Turn.Assistant(blocks.assistant(message)));
      case "system" -> turns.add(new Turn.System(blocks.texts(message, "content")));
      default -> throw message.wrong("role", "must be user, assistant or system");
    }
    message.noteUnknown();
  }

  private void readUser(FieldReader message) {
    if (BlockReader.isText(message, "content")) {
      turns.add(new Turn.User(blocks.texts(message, "content")));
      return;
    }
    List<Part> parts = new ArrayList<>();
    for (FieldReader block : BlockReader.list(message, "content")) {
      if ("tool_result".equals(block.requiredText("type"))) {
        turns.add(blocks.toolResult(block));
      } else {
        blocks.userPart(block).ifPresent(parts::add);
      }
    }
    if (!parts.isEmpty()) {
      turns.add(new Turn.User(parts));
    }
  }

  /** A mark of the whole request stands for one behind its last part. */
  private void markEnd(CacheMark mark) {
    Optional<CacheMark> end = Optional.of(mark);
    Turn last = turns.removeLast();
    turns.add(
        switch (last) {
          case Turn.System it -> new Turn.System(CacheMarks.markLast(it.parts(), end));
          case Turn.User it -> new Turn.User(CacheMarks.markLast(it.parts(), end));
          case Turn.Assistant it -> new Turn.Assistant(CacheMarks.markLast(it.parts(), end));
          case Turn.ToolResult it ->
              new Turn.ToolResult(
                  it.callId(), CacheMarks.markLast(it.parts(), end), it.isError(), it.path());
        });
  }
}
