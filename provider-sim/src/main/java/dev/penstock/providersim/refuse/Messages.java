package dev.penstock.providersim.refuse;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the conversation and counts its text: {@code ceil(UTF-8 bytes / 4)} tokens over all
 * messages together. Not OpenAI's count, but one that a test can work out by itself.
 */
final class Messages {
  private static final Set<String> ROLES =
      Set.of("developer", "system", "user", "assistant", "tool", "function");
  private static final Set<String> PARTS =
      Set.of("text", "refusal", "image_url", "input_audio", "file");
  private static final long BYTES_PER_TOKEN = 4;

  private Messages() {}

  static long countTokens(@Nullable JsonNode messages) throws Rejection {
    if (messages == null || messages.isNull()) {
      throw Rejection.badRequest(
          "Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
    }
    if (!messages.isArray() || messages.isEmpty()) {
      throw invalid("messages", "a non-empty array of messages");
    }
    long bytes = 0;
    for (int i = 0; i < messages.size(); i++) {
      bytes += textBytes(messages.get(i), "messages[" + i + "]");
    }
    return Math.ceilDiv(bytes, BYTES_PER_TOKEN);
  }

  private static long textBytes(JsonNode message, String place) throws Rejection {
    if (!message.isObject()) {
      throw invalid(place, "an object");
    }
    String role = message.path("role").asText("");
    if (!ROLES.contains(role)) {
      throw Rejection.badRequest(
          "Invalid value: '"
              + place
              + ".role'. Supported values are: 'system', 'assistant', 'user',"
              + " 'function', 'tool', and 'developer'.",
          place + ".role",
          "invalid_value");
    }
    if (role.equals("tool") && !message.path("tool_call_id").isTextual()) {
      throw Rejection.badRequest(
          "Missing parameter 'tool_call_id': messages with role 'tool' must have a 'tool_call_id'.",
          place + ".tool_call_id",
          "missing_required_parameter");
    }
    return contentBytes(message, role, place + ".content");
  }

  private static long contentBytes(JsonNode message, String role, String place) throws Rejection {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return utf8(content.textValue());
    }
    if (content.isArray() && !content.isEmpty()) {
      return partBytes(content, place);
    }
    boolean absent = content.isMissingNode() || content.isNull();
    if (absent && (role.equals("assistant") || role.equals("function"))) {
      return 0;
    }
    throw invalid(place, "a string or a non-empty array of content parts");
  }

  private static long partBytes(JsonNode parts, String place) throws Rejection {
    long bytes = 0;
    for (int i = 0; i < parts.size(); i++) {
      String type = parts.get(i).path("type").asText("");
      if (!PARTS.contains(type)) {
        throw invalid(place + "[" + i + "].type", "one of " + PARTS.stream().sorted().toList());
      }
      bytes +=
          utf8(parts.get(i).path("text").asText(""))
              + utf8(parts.get(i).path("refusal").asText(""));
    }
    return bytes;
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Rejection invalid(String place, String expected) {
    return Rejection.badRequest(
        "Invalid type for '" + place + "': expected " + expected + ".", place, "invalid_type");
  }
}
