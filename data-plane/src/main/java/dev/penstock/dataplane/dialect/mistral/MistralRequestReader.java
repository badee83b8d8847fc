package dev.penstock.dataplane.dialect.mistral;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import dev.penstock.dataplane.dialect.openai.chat.ChatFields;
import dev.penstock.dataplane.dialect.openai.chat.ToolFields;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a request of Mistral's chat completions into words that every dialect shares. */
final class MistralRequestReader {

  private static final int MAX_STOP = 64;
  private static final double MAX_TEMPERATURE = 1.5;
  private static final int MAX_KEY = 512;

  /** What a field says by being there. */
  private static final Map<String, Feature> PRESENT =
      Map.of(
          "prediction", Feature.PREDICTION,
          "guardrails", Feature.PROVIDER_GUARDRAILS,
          "prompt_cache_key", Feature.CACHE_KEY,
          "service_tier", Feature.SERVICE_TIER,
          "metadata", Feature.METADATA);

  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "messages",
          "temperature",
          "top_p",
          "max_tokens",
          "stream",
          "stop",
          "random_seed",
          "metadata",
          "response_format",
          "tools",
          "tool_choice",
          "presence_penalty",
          "frequency_penalty",
          "n",
          "prediction",
          "parallel_tool_calls",
          "reasoning_effort",
          "prompt_mode",
          "guardrails",
          "prompt_cache_key",
          "service_tier",
          "safe_prompt");

  /** Mistral's words for tiers, in OpenAI's. */
  private static final Map<String, String> TIERS =
      Map.of("auto", "auto", "standard_only", "default");

  private MistralRequestReader() {}

  static ModelRequest read(JsonNode body) {
    Field root = Field.root(body);
    Uses uses = new Uses();
    root.noteUnknown(KNOWN, uses);
    root.notePresent(PRESENT, uses);
    ChatFields.choices(root, uses);
    if (ChatFields.flag(root, "safe_prompt")) {
      uses.note(Feature.PROVIDER_GUARDRAILS, "safe_prompt");
    }
    return new ModelRequest(
        ChatFields.model(root),
        new MistralMessages(uses).read(root),
        ToolFields.tools(root, uses),
        ToolFields.choice(root, uses),
        root.find("parallel_tool_calls").map(Field::flag),
        ToolFields.format(root, uses),
        ChatFields.whole(root, "max_tokens", 1, Integer.MAX_VALUE),
        ChatFields.sampling(root, "random_seed", MAX_TEMPERATURE, uses),
        ChatFields.stop(root, MAX_STOP, uses),
        reasoning(root),
        ChatFields.flag(root, "stream"),
        true, // Mistral tells usage whether it is asked to or not
        Optional.empty(),
        ChatFields.metadata(root),
        root.find("prompt_cache_key").map(key -> key.text(MAX_KEY)),
        root.find("service_tier").map(tier -> tier.word(TIERS)),
        Optional.empty(),
        uses.features());
  }

  /** {@code prompt_mode} lets a model think, and does not say how much. */
  private static Reasoning reasoning(Field root) {
    Reasoning effort = ChatFields.reasoning(root);
    boolean prompted =
        root.find("prompt_mode").map(mode -> mode.word(Map.of("reasoning", true))).orElse(false);
    return effort instanceof Reasoning.Unstated && prompted ? new Reasoning.Adaptive() : effort;
  }
}
