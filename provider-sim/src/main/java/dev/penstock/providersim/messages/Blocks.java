package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the content blocks of a message, and counts their text. */
final class Blocks {
  private static final Map<String, Set<String>> TYPES =
      Map.of(
          "user", Set.of("text", "image", "document", "search_result", "tool_result"),
          "assistant",
              Set.of(
                  "text",
                  "tool_use",
                  "thinking",
                  "redacted_thinking",
                  "document",
                  "server_tool_use",
                  "web_search_tool_result"),
          "system", Set.of("text"));

  private static final Set<String> RESULT_TYPES =
      Set.of("text", "image", "document", "search_result");
  private static final Set<String> IMAGES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_-]+");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}");

  private Blocks() {}

  /** A plain text is a text block. */
  static List<RequestFields> of(RequestFields owner) throws Rejection {
    JsonNode content = owner.node("content");
    if (!content.isTextual()) {
      return owner.needObjects("content");
    }
    return List.of(
        new RequestFields(
            owner.at("content"),
            JsonNodeFactory.instance
                .objectNode()
                .put("type", "text")
                .put("text", content.textValue())));
  }

  static String type(RequestFields block) {
    return block.node("type").asText("");
  }

  static long textBytes(RequestFields block, String role, ApiVersion version) throws Rejection {
    String type = block.needOneOf("type", TYPES.getOrDefault(role, Set.of()));
    CacheControl.check(block);
    boolean newer = version == ApiVersion.V2026_10_21;
    if (newer && role.equals("assistant") && type.equals("document")) {
      throw Rejection.badRequest(
          "document blocks are not permitted in assistant turns", block.place(), null);
    }
    if (newer && role.equals("user") && type.equals("text") && block.has("citations")) {
      throw block.unknown("citations");
    }
    return switch (type) {
      case "text" -> text(block);
      case "image" -> image(block);
      case "tool_use" -> toolUse(block);
      case "tool_result" -> toolResult(block);
      case "thinking" -> thinking(block);
      default -> 0;
    };
  }

  private static long text(RequestFields block) throws Rejection {
    String text = block.needText("text");
    if (text.isEmpty()) {
      throw Rejection.badRequest("text content blocks must be non-empty", block.place(), null);
    }
    return RequestFields.utf8(text);
  }

  private static long image(RequestFields block) throws Rejection {
    RequestFields source = block.needObject("source");
    switch (source.needOneOf("type", Set.of("base64", "url", "file"))) {
      case "base64" -> {
        source.needOneOf("media_type", IMAGES);
        if (!BASE64.matcher(source.needText("data")).matches()) {
          throw Rejection.badRequest("invalid base64 data", source.at("data"), null);
        }
      }
      case "url" -> source.needText("url");
      default -> source.needText("file_id");
    }
    return 0;
  }

  private static long toolUse(RequestFields block) throws Rejection {
    if (!ID.matcher(block.needText("id")).matches()) {
      throw Rejection.badRequest(
          "String should match pattern '^[a-zA-Z0-9_-]+$'", block.at("id"), null);
    }
    block.needText("name");
    block.needObject("input");
    return 0;
  }

  private static long toolResult(RequestFields block) throws Rejection {
    block.needText("tool_use_id");
    block.flag("is_error");
    if (!block.has("content")) {
      return 0;
    }
    if (block.node("content").isTextual()) {
      return RequestFields.utf8(block.node("content").textValue());
    }
    long bytes = 0;
    for (RequestFields part : block.needObjects("content")) {
      bytes +=
          switch (part.needOneOf("type", RESULT_TYPES)) {
            case "text" -> text(part);
            case "image" -> image(part);
            default -> 0;
          };
    }
    return bytes;
  }

  private static long thinking(RequestFields block) throws Rejection {
    if (!Signature.fits(block.needText("thinking"), block.needText("signature"))) {
      throw Rejection.badRequest("Invalid `signature` in `thinking` block", block.place(), null);
    }
    return 0;
  }
}
