package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks a conversation, and that every tool call in it is answered at once; counts its text. */
final class ChatMessages {
  private static final Set<String> ROLES =
      Set.of("developer", "system", "user", "assistant", "tool", "function");
  private static final Set<String> PARTS =
      Set.of("text", "refusal", "image_url", "input_audio", "file");

  private ChatMessages() {}

  /** Bytes of UTF-8 over all messages together. */
  static long textBytes(RequestFields request) throws Rejection {
    List<RequestFields> messages = request.needObjects("messages");
    if (messages.isEmpty()) {
      throw request.wrongType("messages", "a non-empty array of messages");
    }
    long bytes = 0;
    Set<String> unanswered = new HashSet<>();
    for (RequestFields message : messages) {
      String role = role(message);
      answers(message, role, unanswered);
      bytes += contentBytes(message, role);
    }
    allAnswered(unanswered, "messages");
    return bytes;
  }

  private static String role(RequestFields message) throws Rejection {
    String role = message.node("role").asText("");
    if (!ROLES.contains(role)) {
      throw message.wrongValue(
          "role", "one of 'system', 'assistant', 'user', 'function', 'tool', and 'developer'");
    }
    return role;
  }

  /** Keeps book of the calls that no message has answered yet. */
  private static void answers(RequestFields message, String role, Set<String> unanswered)
      throws Rejection {
    if (role.equals("tool")) {
      String id = message.needText("tool_call_id");
      if (!unanswered.remove(id)) {
        throw Rejection.badRequest(
            "Invalid parameter: messages with role 'tool' must be a response to a preceding"
                + " message with 'tool_calls'.",
            message.at("role"),
            null);
      }
      return;
    }
    allAnswered(unanswered, message.place());
    for (RequestFields call : message.objects("tool_calls")) {
      unanswered.add(call.needText("id"));
      String type = call.needOneOf("type", Set.of("function", "custom"));
      RequestFields called = call.needObject(type);
      called.needText("name");
      called.needText(type.equals("function") ? "arguments" : "input");
    }
  }

  private static void allAnswered(Set<String> unanswered, String place) throws Rejection {
    if (!unanswered.isEmpty()) {
      throw Rejection.badRequest(
          "An assistant message with 'tool_calls' must be followed by tool messages responding to"
              + " each 'tool_call_id'. These have no response: "
              + unanswered.stream().sorted().toList(),
          place,
          null);
    }
  }

  private static long contentBytes(RequestFields message, String role) throws Rejection {
    JsonNode content = message.node("content");
    if (content.isTextual()) {
      return RequestFields.utf8(content.textValue());
    }
    if (content.isArray() && !content.isEmpty()) {
      return partBytes(message);
    }
    boolean absent = !message.has("content");
    if (absent && (role.equals("assistant") || role.equals("function"))) {
      return 0;
    }
    throw message.wrongType("content", "a string or a non-empty array of content parts");
  }

  private static long partBytes(RequestFields message) throws Rejection {
    long bytes = 0;
    for (RequestFields part : message.needObjects("content")) {
      part.needOneOf("type", PARTS);
      bytes +=
          RequestFields.utf8(part.node("text").asText(""))
              + RequestFields.utf8(part.node("refusal").asText(""));
    }
    return bytes;
  }
}
