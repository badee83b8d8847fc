package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.AnswerTexts;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The texts of a message's events. Text goes on from one block of text to the next, as clients join
 * them; thoughts and arguments end with their block.
 */
record MessagesAnswerTexts() implements AnswerTexts {

  private static final Map<String, Flow> FLOWS =
      Map.of(
          "delta.text", Flow.across("text"),
          "content_block.text", Flow.across("text"),
          "delta.thinking", Flow.plain("thinking"),
          "content_block.thinking", Flow.plain("thinking"),
          "delta.partial_json", Flow.json("input"));

  private static final Set<String> NAMES =
      Set.of(
          "id",
          "type",
          "role",
          "model",
          "stop_reason",
          "tool_use_id",
          "signature",
          "data",
          "encrypted_content",
          "encrypted_index",
          "service_tier",
          "inference_geo",
          "container");

  @Override
  public Optional<Flow> flow(String type, String path) {
    Flow known = FLOWS.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    boolean unknownPiece =
        type.equals("content_block_delta")
            && path.startsWith("delta.")
            && path.indexOf('.', "delta.".length()) < 0;
    return unknownPiece ? Optional.of(Flow.plain(path)) : Optional.empty();
  }

  @Override
  public boolean isName(String name) {
    return NAMES.contains(name);
  }

  @Override
  public boolean hasFree() {
    return true;
  }

  /** The input of a tool call. */
  @Override
  public boolean isFree(String path) {
    return path.startsWith("content.input.") || path.startsWith("content_block.input.");
  }

  @Override
  public boolean isOpaque(String type, String path) {
    return false;
  }

  @Override
  public String groupedBy() {
    return "index";
  }

  @Override
  public boolean endsGroup(String type) {
    return type.equals("content_block_stop");
  }

  @Override
  public boolean endsAll(String type) {
    return type.equals("message_delta") || type.equals("message_stop") || type.equals("error");
  }
}
