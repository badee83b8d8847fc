package dev.penstock.providersim.messages;

import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks that turns follow each other as they must: the user first, and every use of a tool
 * answered by results at the head of the very next turn. Turns of one role in a row count as one.
 */
final class Conversation {
  private static final Set<String> ROLES = Set.of("user", "assistant", "system");

  private final ApiVersion version;
  private final Thinking thinking;

  Conversation(ApiVersion version, Thinking thinking) {
    this.version = version;
    this.thinking = thinking;
  }

  /** What one side says until the other speaks; a plain text is one block. */
  private record Turn(String role, String place, List<RequestFields> blocks) {
    Set<String> ids(String type, String field) {
      Set<String> ids = new LinkedHashSet<>();
      for (RequestFields block : blocks) {
        if (Blocks.type(block).equals(type)) {
          ids.add(block.node(field).asText());
        }
      }
      return ids;
    }
  }

  long textBytes(RequestFields request) throws Rejection {
    List<RequestFields> messages = request.needObjects("messages");
    if (messages.isEmpty()) {
      throw Rejection.badRequest("at least one message is required", "messages", null);
    }
    long bytes = 0;
    List<Turn> turns = new ArrayList<>();
    for (RequestFields message : messages) {
      message.onlyKnown(Set.of("role", "content"));
      String role = message.needOneOf("role", ROLES);
      List<RequestFields> blocks = Blocks.of(message);
      for (RequestFields block : blocks) {
        bytes += Blocks.textBytes(block, role, version);
      }
      if (turns.isEmpty() || !turns.getLast().role().equals(role)) {
        turns.add(new Turn(role, message.place(), new ArrayList<>()));
      }
      turns.getLast().blocks().addAll(blocks);
    }
    checkOrder(turns);
    return bytes;
  }

  private void checkOrder(List<Turn> turns) throws Rejection {
    if (turns.getFirst().role().equals("assistant")) {
      throw Rejection.badRequest("first message must use the \"user\" role", "messages", null);
    }
    Set<String> uses = Set.of();
    for (Turn turn : turns) {
      results(turn, uses);
      uses = turn.role().equals("assistant") ? turn.ids("tool_use", "id") : Set.of();
    }
    if (!uses.isEmpty()) {
      throw unanswered(turns.getLast().place(), uses);
    }
    prefill(turns.getLast());
    thoughtsFirst(turns);
  }

  private static void results(Turn turn, Set<String> uses) throws Rejection {
    Set<String> missing = new LinkedHashSet<>(uses);
    boolean other = false;
    for (RequestFields block : turn.blocks()) {
      if (!Blocks.type(block).equals("tool_result")) {
        other = true;
        continue;
      }
      String id = block.node("tool_use_id").asText();
      if (!missing.remove(id)) {
        throw Rejection.badRequest(
            "unexpected `tool_use_id` found in `tool_result` blocks: "
                + id
                + ". Each `tool_result` block must have a corresponding `tool_use` block in the"
                + " previous message.",
            block.place(),
            null);
      }
      if (other) {
        throw Rejection.badRequest(
            "`tool_result` blocks must come before all other content", block.place(), null);
      }
    }
    if (!missing.isEmpty()) {
      throw unanswered(turn.place(), missing);
    }
  }

  private static Rejection unanswered(String place, Set<String> uses) {
    return Rejection.badRequest(
        "`tool_use` ids were found without `tool_result` blocks immediately after: "
            + String.join(", ", uses)
            + ". Each `tool_use` block must have a corresponding `tool_result` block in the next"
            + " message.",
        place,
        null);
  }

  private static void prefill(Turn last) throws Rejection {
    if (!last.role().equals("assistant") || last.blocks().isEmpty()) {
      return;
    }
    String text = last.blocks().getLast().node("text").asText("");
    if (!text.equals(text.stripTrailing())) {
      throw Rejection.badRequest(
          "final assistant content cannot end with trailing whitespace", "messages", null);
    }
  }

  /** While tools are being used, the thoughts that led to it have to come back with it. */
  private void thoughtsFirst(List<Turn> turns) throws Rejection {
    if (thinking == Thinking.OFF || turns.size() < 2) {
      return;
    }
    Turn before = turns.get(turns.size() - 2);
    if (before.ids("tool_use", "id").isEmpty()) {
      return;
    }
    String first = Blocks.type(before.blocks().getFirst());
    if (!first.equals("thinking") && !first.equals("redacted_thinking")) {
      throw Rejection.badRequest(
          "Expected `thinking` or `redacted_thinking`, but found `"
              + first
              + "`. When `thinking` is enabled, a final `assistant` message must start with a"
              + " thinking block.",
          before.blocks().getFirst().place(),
          null);
    }
  }
}
