package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonStreamContext;
import dev.penstock.dataplane.dialect.body.Contexts;
import dev.penstock.dataplane.dialect.body.TextRules;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which strings of a request are no texts: the model's name, the ids that tie a tool's answer to
 * its call, and what a provider has signed or encrypted, which it refuses when it is changed.
 */
record MessagesTexts() implements TextRules {

  /** Names of the API that a path may show. */
  private static final Set<String> KNOWN =
      Set.of(
          "messages",
          "system",
          "role",
          "content",
          "type",
          "text",
          "thinking",
          "signature",
          "data",
          "id",
          "name",
          "input",
          "tool_use_id",
          "is_error",
          "source",
          "media_type",
          "url",
          "file_id",
          "title",
          "context",
          "citations",
          "tools",
          "description",
          "input_schema",
          "input_examples",
          "tool_choice",
          "stop_sequences",
          "metadata",
          "user_id",
          "output_config",
          "format",
          "schema",
          "cache_control");

  /**
   * How the images and documents that the API takes begin in base64: PNG, JPEG, GIF, WebP, PDF. A
   * document of plain text stands in the same field and is searched like any other text.
   */
  private static final Pattern INLINE =
      Pattern.compile("(?:iVBORw0KGgo|/9j/|R0lGOD|UklGR|JVBERi0)[A-Za-z0-9+/]*={0,2}");

  @Override
  public boolean isKnown(String name) {
    return KNOWN.contains(name);
  }

  @Override
  public boolean isOpaque(JsonStreamContext object, String name) {
    // Thoughts that their provider has encrypted stand in `data`.
    return ("source".equals(name) || "data".equals(name)) && isBlock(object);
  }

  @Override
  public boolean isId(JsonStreamContext object) {
    String name = object.getCurrentName();
    if (name == null) {
      return false;
    }
    return switch (name) {
      case "model" -> Contexts.isRoot(object);
      case "id", "tool_use_id", "signature", "data" -> isBlock(object);
      default -> false;
    };
  }

  @Override
  public boolean isInlineData(JsonStreamContext object, String text) {
    JsonStreamContext block = object.getParent();
    return "data".equals(object.getCurrentName())
        && block != null
        && block.inObject()
        && "source".equals(block.getCurrentName())
        && isBlock(block)
        && INLINE.matcher(text).matches();
  }

  /** Whether an object is a block of a message, or one inside the result of a tool. */
  private static boolean isBlock(@Nullable JsonStreamContext object) {
    JsonStreamContext owner = Contexts.ownerOfList(object, "content");
    return isMessage(owner) || isMessage(Contexts.ownerOfList(owner, "content"));
  }

  private static boolean isMessage(@Nullable JsonStreamContext object) {
    return Contexts.isRoot(Contexts.ownerOfList(object, "messages"));
  }
}
