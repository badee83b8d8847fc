package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonStreamContext;
import dev.penstock.dataplane.dialect.body.Contexts;
import dev.penstock.dataplane.dialect.body.TextRules;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which strings of a request for a response are no texts: the model's name, ids of what was said
 * before, and what only a provider can read.
 */
record ResponsesTexts() implements TextRules {

  private static final Set<String> OPAQUE =
      Set.of("image_url", "file_id", "file_data", "file_url", "input_audio");

  private static final String ENCRYPTED = "encrypted_content";

  /** Names of the API that a path may show. */
  private static final Set<String> KNOWN =
      Set.of(
          "input",
          "instructions",
          "type",
          "role",
          "content",
          "text",
          "refusal",
          "name",
          "arguments",
          "output",
          "summary",
          ENCRYPTED,
          "image_url",
          "detail",
          "file_id",
          "file_data",
          "file_url",
          "filename",
          "input_audio",
          "data",
          "format",
          "tools",
          "description",
          "parameters",
          "schema",
          "tool_choice",
          "metadata",
          "user",
          "safety_identifier",
          "prompt_cache_key",
          "prompt",
          "variables");

  @Override
  public boolean isKnown(String name) {
    return KNOWN.contains(name);
  }

  @Override
  public boolean isOpaque(JsonStreamContext object, String name) {
    return (OPAQUE.contains(name) && isPart(object)) || (name.equals(ENCRYPTED) && isItem(object));
  }

  @Override
  public boolean isId(JsonStreamContext object) {
    String name = object.getCurrentName();
    if (name == null) {
      return false;
    }
    return switch (name) {
      case "model", "previous_response_id", "conversation" -> Contexts.isRoot(object);
      case "id", "call_id" -> isItem(object);
      case "file_id" -> isPart(object);
      default -> false;
    };
  }

  @Override
  public boolean isInlineData(JsonStreamContext object, String text) {
    String name = object.getCurrentName();
    if (name == null) {
      return false;
    }
    JsonStreamContext part = object.getParent();
    return switch (name) {
      case ENCRYPTED -> isItem(object);
      case "image_url" -> isPart(object) && text.startsWith("data:");
      case "file_data" -> isPart(object);
      case "data" ->
          part != null
              && part.inObject()
              && "input_audio".equals(part.getCurrentName())
              && isPart(part);
      default -> false;
    };
  }

  /** Whether an object is {@code input[i]}. */
  private static boolean isItem(@Nullable JsonStreamContext object) {
    return Contexts.isRoot(Contexts.ownerOfList(object, "input"));
  }

  /** Whether an object is a part of a message, or of a tool's result. */
  private static boolean isPart(JsonStreamContext object) {
    return isItem(Contexts.ownerOfList(object, "content"))
        || isItem(Contexts.ownerOfList(object, "output"));
  }
}
