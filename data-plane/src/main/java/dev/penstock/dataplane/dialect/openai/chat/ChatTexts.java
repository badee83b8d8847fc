package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonStreamContext;
import dev.penstock.dataplane.dialect.body.Contexts;
import dev.penstock.dataplane.dialect.body.TextRules;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which strings of a chat request are no texts: the model's name, the client's id of a WebSocket
 * message, and the ids that tie a tool's answer to its call.
 *
 * @param isMessage whether it came over a WebSocket
 */
record ChatTexts(boolean isMessage) implements TextRules {

  private static final Set<String> OPAQUE =
      Set.of("image_url", "input_audio", "file", "file_id", "document_url");

  /** Names of the API that a path may show. */
  private static final Set<String> KNOWN =
      Set.of(
          "messages",
          "content",
          "text",
          "refusal",
          "name",
          "role",
          "type",
          "tool_calls",
          "function_call",
          "function",
          "custom",
          "input",
          "arguments",
          "image_url",
          "document_url",
          "url",
          "detail",
          "input_audio",
          "audio",
          "data",
          "format",
          "file",
          "file_data",
          "file_id",
          "filename",
          "tools",
          "functions",
          "description",
          "parameters",
          "tool_choice",
          "response_format",
          "json_schema",
          "schema",
          "stop",
          "user",
          "metadata",
          "prediction",
          "web_search_options");

  @Override
  public boolean isKnown(String name) {
    return KNOWN.contains(name);
  }

  @Override
  public boolean isOpaque(JsonStreamContext object, String name) {
    // An answer that was spoken is repeated by its id alone.
    return (OPAQUE.contains(name) && isPart(object)) || (name.equals("audio") && isMessage(object));
  }

  @Override
  public boolean isId(JsonStreamContext object) {
    String name = object.getCurrentName();
    if (name == null) {
      return false;
    }
    return switch (name) {
      case "model" -> Contexts.isRoot(object);
      case "tool_call_id" -> isMessage(object);
      case "id" -> (isMessage && Contexts.isRoot(object)) || isCall(object);
      default -> false;
    };
  }

  @Override
  public boolean isInlineData(JsonStreamContext object, String text) {
    String name = object.getCurrentName();
    if (name == null) {
      return false;
    }
    if (isPart(object)) {
      // Mistral takes the address without an object around it.
      return OPAQUE.contains(name) && text.startsWith("data:");
    }
    JsonStreamContext part = object.getParent();
    if (part == null || !part.inObject() || !isPart(part)) {
      return false;
    }
    String member = String.valueOf(part.getCurrentName());
    return switch (name) {
      case "url" -> member.equals("image_url") && text.startsWith("data:");
      case "data" -> member.equals("input_audio");
      case "file_data" -> member.equals("file");
      default -> false;
    };
  }

  /** Whether an object is a part of a message's content: {@code messages[i].content[j]}. */
  private static boolean isPart(JsonStreamContext object) {
    return isMessage(Contexts.ownerOfList(object, "content"));
  }

  private static boolean isMessage(@Nullable JsonStreamContext object) {
    return Contexts.isRoot(Contexts.ownerOfList(object, "messages"));
  }

  /** Whether an object is {@code messages[i].tool_calls[j]}. */
  private static boolean isCall(JsonStreamContext object) {
    return isMessage(Contexts.ownerOfList(object, "tool_calls"));
  }
}
