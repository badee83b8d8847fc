package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every call of a tool is answered before the user goes on, and nothing else is answered: the API
 * refuses other conversations, without naming the client's field.
 */
final class CallOrder {

  private CallOrder() {}

  /**
   * @throws RefusedException with {@code invalid_request} that names the first call without a
   *     result, or the first result without a call
   */
  static void check(List<Turn> turns) {
    Map<String, String> open = new LinkedHashMap<>(); // the path of each call, by its id
    for (Turn turn : turns) {
      switch (turn) {
        case Turn.Assistant assistant -> addCalls(assistant, open);
        case Turn.ToolResult result -> {
          if (open.remove(result.callId()) == null) {
            throw invalid(result.path(), "answers no call of the assistant's turn before it");
          }
        }
        case Turn.User _ -> requireAnswered(open);
        case Turn.System _ -> {}
      }
    }
    requireAnswered(open);
  }

  private static void addCalls(Turn.Assistant assistant, Map<String, String> open) {
    for (Part part : assistant.parts()) {
      if (part instanceof Part.ToolCall call) {
        open.put(call.id(), call.path());
      }
    }
  }

  private static void requireAnswered(Map<String, String> open) {
    open.values().stream()
        .findFirst()
        .ifPresent(path -> {
          throw invalid(path, "calls a tool whose result does not follow");
        });
  }

  private static RefusedException invalid(String path, String fault) {
    return Refusal.ofField(Code.INVALID_REQUEST, path, "The field " + path + " " + fault + ".")
        .toException();
  }
}
