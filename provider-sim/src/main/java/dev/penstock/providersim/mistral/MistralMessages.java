package dev.penstock.providersim.mistral;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks a conversation and the order of its roles, and counts its text. */
final class MistralMessages {
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "system", Set.of("role", "content"),
          "user", Set.of("role", "content"),
          "assistant", Set.of("role", "content", "tool_calls", "prefix"),
          "tool", Set.of("role", "content", "tool_call_id", "name"));

  private static final Set<String> CHUNKS =
      Set.of("text", "image_url", "document_url", "reference", "thinking", "input_audio", "file");
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9]{9}");

  private MistralMessages() {}

  static long textBytes(RequestFields request) throws Rejection {
    List<RequestFields> messages = request.needObjects("messages");
    if (messages.isEmpty()) {
      throw order("Conversation must have at least one message");
    }
    long bytes = 0;
    String before = "";
    Set<String> calls = new HashSet<>();
    for (RequestFields message : messages) {
      String role = message.needOneOf("role", FIELDS.keySet());
      message.onlyKnown(FIELDS.getOrDefault(role, Set.of()));
      follows(before, role);
      calls(message, role, calls);
      bytes += contentBytes(message);
      before = role;
    }
    last(messages.getLast(), calls);
    return bytes;
  }

  private static void follows(String before, String role) throws Rejection {
    boolean astray =
        role.equals("tool")
            ? !before.equals("assistant") && !before.equals("tool")
            : before.equals("tool") && !role.equals("assistant");
    if (astray) {
      throw order("Unexpected role '" + role + "' after role '" + before + "'");
    }
  }

  /** Keeps book of the calls that have no result yet. */
  private static void calls(RequestFields message, String role, Set<String> open) throws Rejection {
    if (role.equals("tool")) {
      String id = message.needText("tool_call_id");
      checkId(id);
      if (!open.remove(id)) {
        throw order("Unexpected tool call id " + id + " in tool results");
      }
      return;
    }
    if (!open.isEmpty()) {
      throw order("Not the same number of function calls and responses");
    }
    for (RequestFields call : message.objects("tool_calls")) {
      call.onlyKnown(Set.of("id", "type", "function", "index"));
      checkId(call.needText("id"));
      open.add(call.needText("id"));
      RequestFields function = call.needObject("function").onlyKnown(Set.of("name", "arguments"));
      function.needText("name");
      JsonNode arguments = function.node("arguments");
      if (!arguments.isTextual() && !arguments.isObject()) {
        throw function.wrongType("arguments", "a valid string or dictionary");
      }
    }
  }

  private static void checkId(String id) throws Rejection {
    if (!ID.matcher(id).matches()) {
      throw Rejection.typed(
          400,
          "Tool call id was " + id + " but must be a-z, A-Z, 0-9, with a length of 9.",
          "invalid_function_call",
          "3280");
    }
  }

  private static void last(RequestFields message, Set<String> open) throws Rejection {
    boolean assistant = message.needText("role").equals("assistant");
    if (!open.isEmpty()) {
      throw order("Not the same number of function calls and responses");
    }
    if (message.needText("role").equals("system") || (assistant && !message.flag("prefix"))) {
      throw order(
          "Expected last role User or Tool (or Assistant with prefix True) for serving but got "
              + message.needText("role"));
    }
  }

  private static long contentBytes(RequestFields message) throws Rejection {
    JsonNode content = message.node("content");
    if (content.isTextual()) {
      return RequestFields.utf8(content.textValue());
    }
    if (!message.has("content")) {
      if (message.needText("role").equals("assistant")) {
        return 0;
      }
      throw message.missing("content");
    }
    long bytes = 0;
    for (RequestFields chunk : message.needObjects("content")) {
      if (chunk.needOneOf("type", CHUNKS).equals("text")) {
        bytes += RequestFields.utf8(chunk.needText("text"));
      }
    }
    return bytes;
  }

  private static Rejection order(String message) {
    return Rejection.typed(400, message, "invalid_request_message_order", "3230");
  }
}
