package dev.penstock.dataplane.dialect.openai.responses;

import dev.penstock.dataplane.dialect.AnswerTexts;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The texts of a response's events: the member {@code delta} of one type of event goes on from one
 * to the next; what is done is said again as a whole.
 */
record ResponsesAnswerTexts() implements AnswerTexts {

  /** An image is long, and is not broken into lines. */
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{64,}={0,2}");

  private static final String DELTA = ".delta";

  private static final Set<String> NAMES =
      Set.of(
          "id",
          "item_id",
          "call_id",
          "object",
          "type",
          "role",
          "model",
          "status",
          "service_tier",
          "encrypted_content",
          "obfuscation",
          "previous_response_id",
          "truncation",
          "tool_choice",
          "prompt_cache_key",
          "safety_identifier");

  /** What a response says again of its request. */
  private static final Set<String> ASKED =
      Set.of("instructions", "tools", "text", "metadata", "user", "prompt", "reasoning", "include");

  @Override
  public Optional<Flow> flow(String type, String path) {
    if (type.equals("response.content_part.added")) {
      return switch (path) {
        case "part.text" -> Optional.of(Flow.plain("response.output_text.delta"));
        case "part.refusal" -> Optional.of(Flow.plain("response.refusal.delta"));
        default -> Optional.empty();
      };
    }
    boolean piece = path.equals("delta") || path.startsWith("delta.");
    if (!piece || !type.endsWith(DELTA)) {
      return Optional.empty();
    }
    boolean json = type.endsWith("call_arguments.delta");
    String name = path.equals("delta") ? type : type + ' ' + path;
    return Optional.of(json ? Flow.json(name) : Flow.plain(name));
  }

  @Override
  public boolean isName(String name) {
    return NAMES.contains(name);
  }

  @Override
  public boolean isAsked(String path) {
    String inResponse = path.startsWith("response.") ? path.substring("response.".length()) : path;
    int end = inResponse.indexOf('.');
    return ASKED.contains(end < 0 ? inResponse : inResponse.substring(0, end))
        && !path.equals("text");
  }

  @Override
  public boolean isOpaque(String type, String path, String text) {
    boolean result = path.endsWith("output.result") || path.equals("item.result");
    return path.endsWith("partial_image_b64")
        || (result && BASE64.matcher(text).matches())
        || (path.equals("delta") && type.endsWith("audio.delta"));
  }

  @Override
  public String groupedBy() {
    return "output_index";
  }

  @Override
  public boolean endsGroup(String type) {
    return type.endsWith(".done");
  }

  @Override
  public boolean endsAll(String type) {
    return type.equals("response.completed")
        || type.equals("response.incomplete")
        || type.equals("response.failed")
        || type.equals("error");
  }

  @Override
  public boolean repeats(String type) {
    return endsGroup(type) || endsAll(type);
  }
}
