package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.AnswerTexts;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a chat completion's chunks, as OpenAI, compatible servers and Mistral write them:
 * whatever a choice's delta holds goes on from chunk to chunk.
 */
public record ChatAnswerTexts() implements AnswerTexts {

  private static final String DELTA = "choices.delta.";

  /** Mistral writes content as a string or as a list of parts, in turn. */
  private static final Map<String, Flow> FLOWS =
      Map.of(
          "choices.delta.content", Flow.plain("content"),
          "choices.delta.content.text", Flow.plain("content"),
          "choices.delta.content.thinking.text", Flow.plain("thinking"),
          "choices.message.content.text", Flow.plain("content"),
          "choices.delta.tool_calls.function.arguments", Flow.json("arguments"),
          "choices.delta.function_call.arguments", Flow.json("function_call"),
          "choices.text", Flow.plain("text"));

  private static final Set<String> NAMES =
      Set.of(
          "id",
          "object",
          "model",
          "role",
          "type",
          "finish_reason",
          "system_fingerprint",
          "service_tier",
          "obfuscation",
          "tool_call_id",
          "encrypted_content",
          "signature");

  @Override
  public Optional<Flow> flow(String type, String path) {
    Flow known = FLOWS.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    boolean name = path.endsWith(".name");
    return path.startsWith(DELTA) && !name ? Optional.of(Flow.plain(path)) : Optional.empty();
  }

  @Override
  public boolean isName(String name) {
    return NAMES.contains(name);
  }

  @Override
  public boolean isOpaque(String type, String path, String text) {
    return path.endsWith("audio.data") || path.endsWith("image_url.url");
  }

  @Override
  public boolean hasFree() {
    return true;
  }

  /** Arguments that are an object and no text. */
  @Override
  public boolean isFree(String path) {
    return path.contains(".arguments.");
  }

  @Override
  public @Nullable String groupedBy() {
    return null;
  }

  @Override
  public String endedBy() {
    return "finish_reason";
  }
}
