package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.AnswerTexts;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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
          "delta.partial_json", Flow.json("input"),
          "content.text", Flow.across("text"));

  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/\\s]{64,}={0,2}\\s*");

  private static final Set<String> NAMES =
      Set.of(
          "id",
          "type",
          "role",
          "model",
          "stop_reason",
          "tool_use_id",
          "signature",
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
    return path.contains("content.input.") || path.startsWith("content_block.input.");
  }

  /** Thoughts that only their maker can read, and images and documents in Base64. */
  @Override
  public boolean isOpaque(String type, String path, String text) {
    return path.equals("content.data")
        || path.equals("content_block.data")
        || (path.endsWith("source.data") && BASE64.matcher(text).matches());
  }

  @Override
  public boolean endsAcross(String begins) {
    return !begins.isEmpty() && !begins.equals("text");
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
