package dev.penstock.dataplane.dialect.openai.chat;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a chat completion request into words that every dialect shares. */
final class ChatRequestReader {

  private static final int MAX_STOP = 4;
  private static final int MAX_TEMPERATURE = 2;
  private static final int MAX_NAME = 512;
  private static final Set<String> VERBOSITIES = Set.of("low", "medium", "high");

  /** What a field says by being there. */
  private static final Map<String, Feature> PRESENT =
      Map.ofEntries(
          entry("prediction", Feature.PREDICTION),
          entry("web_search_options", Feature.HOSTED_TOOLS),
          entry("audio", Feature.OUTPUT_MODALITIES),
          entry("moderation", Feature.PROVIDER_GUARDRAILS),
          entry("prompt_cache_options", Feature.CACHE_OPTIONS),
          entry("prompt_cache_retention", Feature.CACHE_OPTIONS),
          entry("prompt_cache_key", Feature.CACHE_KEY),
          entry("service_tier", Feature.SERVICE_TIER),
          entry("metadata", Feature.METADATA),
          entry("user", Feature.END_USER),
          entry("safety_identifier", Feature.END_USER),
          entry("verbosity", Feature.VERBOSITY),
          entry("top_logprobs", Feature.LOG_PROBABILITIES));

  private static final Set<String> KNOWN = known();

  private ChatRequestReader() {}

  private static Set<String> known() {
    Set<String> known = new HashSet<>(PRESENT.keySet());
    known.addAll(
        List.of(
            "model",
            "messages",
            "max_tokens",
            "max_completion_tokens",
            "n",
            "stream",
            "stream_options",
            "temperature",
            "top_p",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias",
            "seed",
            "stop",
            "logprobs",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "response_format",
            "reasoning_effort",
            "modalities",
            "store"));
    return Set.copyOf(known);
  }

  static ModelRequest read(JsonNode body) {
    Field root = Field.root(body);
    Uses uses = new Uses();
    root.noteUnknown(KNOWN, uses);
    root.notePresent(PRESENT, uses);
    noteValues(root, uses);
    return new ModelRequest(
        ChatFields.model(root),
        new MessageFields(uses).read(root),
        ToolFields.tools(root, uses),
        ToolFields.choice(root, uses),
        root.find("parallel_tool_calls").map(Field::flag),
        ToolFields.format(root, uses),
        maxOutputTokens(root),
        ChatFields.sampling(root, "seed", MAX_TEMPERATURE, uses),
        ChatFields.stop(root, MAX_STOP, uses),
        ChatFields.reasoning(root),
        ChatFields.flag(root, "stream"),
        usageAsked(root, uses),
        root.find("safety_identifier").or(() -> root.find("user")).map(id -> id.text(MAX_NAME)),
        ChatFields.metadata(root),
        root.find("prompt_cache_key").map(key -> key.text(MAX_NAME)),
        root.find("service_tier").map(Field::text),
        root.find("verbosity").map(ChatRequestReader::verbosity),
        uses.features());
  }

  private static void noteValues(Field root, Uses uses) {
    ChatFields.choices(root, uses);
    if (ChatFields.flag(root, "logprobs")) {
      uses.note(Feature.LOG_PROBABILITIES, "logprobs");
    }
    if (ChatFields.flag(root, "store")) {
      uses.note(Feature.STORE, "store");
    }
    root.find("logit_bias")
        .filter(bias -> !bias.object().node().isEmpty())
        .ifPresent(bias -> uses.note(Feature.LOGIT_BIAS, bias.path()));
    root.find("modalities")
        .filter(wanted -> !wanted.items(8).stream().map(Field::text).allMatch("text"::equals))
        .ifPresent(wanted -> uses.note(Feature.OUTPUT_MODALITIES, wanted.path()));
  }

  private static OptionalLong maxOutputTokens(Field root) {
    OptionalLong limit = ChatFields.whole(root, "max_completion_tokens", 1, Integer.MAX_VALUE);
    OptionalLong old = ChatFields.whole(root, "max_tokens", 1, Integer.MAX_VALUE);
    return limit.isPresent() ? limit : old;
  }

  /** Obfuscation is padding on the wire of OpenAI's own, so what is said of it means nothing. */
  private static boolean usageAsked(Field root, Uses uses) {
    Optional<Field> options = root.find("stream_options");
    options.ifPresent(it -> it.noteUnknown(Set.of("include_usage", "include_obfuscation"), uses));
    return options.map(it -> ChatFields.flag(it, "include_usage")).orElse(false);
  }

  private static String verbosity(Field verbosity) {
    if (!VERBOSITIES.contains(verbosity.text())) {
      throw verbosity.invalid("The field verbosity must be one of high, low, medium.");
    }
    return verbosity.text();
  }
}
