package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the calls of an assistant's turn, and holds that each is answered. */
public final class CallFields {

  private static final int MAX_CALLS = 128;
  private static final int MAX_ID = 256;
  private static final int MAX_NAME = 64;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private CallFields() {}

  /** The calls of {@code message.tool_calls}. */
  public static List<Part> calls(Field message, Uses uses) {
    Optional<Field> field = message.find("tool_calls");
    if (field.isEmpty()) {
      return List.of();
    }
    return field.get().items(MAX_CALLS).stream()
        .filter(call -> isFunction(call, uses))
        .map(CallFields::call)
        .toList();
  }

  private static boolean isFunction(Field call, Uses uses) {
    boolean function = "function".equals(call.find("type").map(Field::text).orElse("function"));
    if (!function) {
      uses.note(Feature.CUSTOM_TOOLS, call.path());
    }
    return function;
  }

  private static Part call(Field call) {
    Field function = call.need("function");
    return new Part.ToolCall(
        call.need("id").text(MAX_ID),
        function.need("name").text(MAX_NAME),
        function.find("arguments").map(CallFields::arguments).orElse("{}"),
        call.path());
  }

  /** Mistral takes them as an object, too. */
  private static String arguments(Field arguments) {
    if (arguments.node().isObject()) {
      return arguments.node().toString();
    }
    String text = arguments.text();
    if (text.isBlank()) {
      return "{}";
    }
    if (!isObject(text)) {
      throw arguments.invalid(
          "The field %s must be a JSON object written as a string.".formatted(arguments.path()));
    }
    return text;
  }

  private static boolean isObject(String text) {
    try {
      JsonNode parsed = JSON.readTree(text);
      return parsed != null && parsed.isObject();
    } catch (JsonProcessingException malformed) {
      return false;
    }
  }

  /**
   * Every provider wants the results of a turn's calls right after it, all of them and no others.
   *
   * @throws RefusedException with {@code invalid_request} that names the call or the result
   */
  public static void requireAnswered(List<Turn> turns) {
    Map<String, Part.ToolCall> open = new LinkedHashMap<>();
    for (Turn turn : turns) {
      if (turn instanceof Turn.ToolResult result) {
        if (open.remove(result.callId()) == null) {
          throw invalid(result.path(), "The tool result at %s answers no call before it.");
        }
        continue;
      }
      requireNone(open);
      if (turn instanceof Turn.Assistant assistant) {
        calls(assistant).forEach(call -> open.put(call.id(), call));
      }
    }
    requireNone(open);
  }

  private static void requireNone(Map<String, Part.ToolCall> open) {
    open.values().stream()
        .findFirst()
        .ifPresent(call -> {
          throw invalid(
              call.path(), "The call at %s has no result in the messages that follow it.");
        });
  }

  private static List<Part.ToolCall> calls(Turn.Assistant assistant) {
    return assistant.parts().stream()
        .filter(Part.ToolCall.class::isInstance)
        .map(Part.ToolCall.class::cast)
        .toList();
  }

  private static RefusedException invalid(String path, String message) {
    return Refusal.ofField(Code.INVALID_REQUEST, path, message.formatted(path)).toException();
  }
}
