package dev.penstock.dataplane.dialect;

import static dev.penstock.dataplane.dialect.Dialect.ANTHROPIC_MESSAGES;
import static dev.penstock.dataplane.dialect.Dialect.MISTRAL_CHAT;
import static dev.penstock.dataplane.dialect.Dialect.OPENAI_CHAT;
import static dev.penstock.dataplane.dialect.Dialect.OPENAI_RESPONSES;
import static dev.penstock.dataplane.dialect.Loss.Fate.ALWAYS_REFUSED;
import static dev.penstock.dataplane.dialect.Loss.Fate.DROPPED;
import static dev.penstock.dataplane.dialect.Loss.Fate.REFUSED;

import dev.penstock.dataplane.dialect.Loss.Fate;
import java.util.ArrayList;
import java.util.List;

/** The rows of {@link Losses}; a feature without a row for a dialect is carried to it. */
final class LossTable {

  private static final Dialect[] ALL = Dialect.values();

  private final List<Loss> rows = new ArrayList<>();

  private LossTable() {}

  static List<Loss> rows() {
    LossTable table = new LossTable();
    table.sampling();
    table.limits();
    table.content();
    table.tools();
    table.reasoning();
    table.provider();
    return List.copyOf(table.rows);
  }

  private void sampling() {
    row(Feature.CHOICES, REFUSED, "a translated answer is one answer.", ALL);
    row(
        Feature.LOG_PROBABILITIES,
        REFUSED,
        "its dialect has no probabilities of tokens, or others.",
        ALL);
    row(Feature.LOGIT_BIAS, REFUSED, "tokens are numbered differently by every provider.", ALL);
    row(
        Feature.SEED,
        DROPPED,
        "its dialect has no seed, and no provider promises to keep to one.",
        OPENAI_RESPONSES,
        ANTHROPIC_MESSAGES);
    row(
        Feature.PENALTIES,
        REFUSED,
        "its dialect has no penalties.",
        OPENAI_RESPONSES,
        ANTHROPIC_MESSAGES);
    row(
        Feature.TOP_K,
        REFUSED,
        "its dialect has no such field.",
        OPENAI_CHAT,
        OPENAI_RESPONSES,
        MISTRAL_CHAT);
    row(
        Feature.TEMPERATURE_ABOVE_1,
        REFUSED,
        "it takes a temperature of at most 1.",
        ANTHROPIC_MESSAGES);
    row(
        Feature.TEMPERATURE_ABOVE_1_5,
        REFUSED,
        "it takes a temperature of at most 1.5.",
        MISTRAL_CHAT);
  }

  private void limits() {
    row(Feature.STOP, REFUSED, "its dialect has no stop sequences.", OPENAI_RESPONSES);
    row(Feature.STOP_ABOVE_4, REFUSED, "it takes four stop sequences at most.", OPENAI_CHAT);
    row(
        Feature.WARM_CACHE,
        ALWAYS_REFUSED,
        "it cannot be asked to generate nothing.",
        OPENAI_CHAT,
        OPENAI_RESPONSES,
        MISTRAL_CHAT);
    row(
        Feature.TRUNCATION,
        REFUSED,
        "it does not shorten a prompt by itself.",
        OPENAI_CHAT,
        ANTHROPIC_MESSAGES,
        MISTRAL_CHAT);
  }

  private void content() {
    row(Feature.UNKNOWN_FIELD, REFUSED, "what it means in another dialect is not known.", ALL);
    row(Feature.JSON_OBJECT, REFUSED, "it has no JSON mode without a schema.", ANTHROPIC_MESSAGES);
    row(Feature.IMAGE_DETAIL, DROPPED, "it is a hint that few dialects have.", ALL);
    row(
        Feature.IMAGE_IN_TOOL_RESULT,
        ALWAYS_REFUSED,
        "results of tools are text there.",
        OPENAI_CHAT,
        MISTRAL_CHAT);
    row(
        Feature.AUDIO_INPUT,
        ALWAYS_REFUSED,
        "its dialect has no audio.",
        OPENAI_RESPONSES,
        ANTHROPIC_MESSAGES);
    row(Feature.OUTPUT_MODALITIES, REFUSED, "a translated answer is text.", ALL);
    row(Feature.PROVIDER_FILE, ALWAYS_REFUSED, "the file lies at another provider.", ALL);
    row(
        Feature.PREFILL,
        REFUSED,
        "it does not continue a turn that has begun.",
        OPENAI_CHAT,
        OPENAI_RESPONSES);
    row(Feature.PREDICTION, DROPPED, "it only makes an answer come sooner.", ALL);
    row(
        Feature.VERBOSITY,
        DROPPED,
        "its dialect has no such hint.",
        ANTHROPIC_MESSAGES,
        MISTRAL_CHAT);
  }

  private void tools() {
    row(
        Feature.CUSTOM_TOOLS,
        REFUSED,
        "only functions with a JSON schema are known to every dialect.",
        ALL);
    row(Feature.HOSTED_TOOLS, REFUSED, "the tool runs at another provider.", ALL);
    row(Feature.ALLOWED_TOOLS, REFUSED, "its dialect cannot choose among some tools.", ALL);
    row(
        Feature.TOOL_RESULT_ERROR,
        DROPPED,
        "its dialect has no mark for it; the result's text says it.",
        OPENAI_CHAT,
        OPENAI_RESPONSES,
        MISTRAL_CHAT);
  }

  private void reasoning() {
    row(Feature.REASONING_DISPLAY, DROPPED, "how reasoning is told is each provider's own.", ALL);
    row(
        Feature.EFFORT_BESIDE_BUDGET,
        DROPPED,
        "one word or number says how much a model is to think.",
        ALL);
    row(Feature.REASONING_HISTORY, DROPPED, "only the provider that made it can use it.", ALL);
  }

  private void provider() {
    row(
        Feature.PROVIDER_STATE,
        ALWAYS_REFUSED,
        "the conversation is kept by another provider.",
        ALL);
    row(Feature.BACKGROUND, REFUSED, "it answers at once or not at all.", ALL);
    row(Feature.STORE, DROPPED, "the answer does not come from where it would be kept.", ALL);
    row(
        Feature.SERVICE_TIER,
        DROPPED,
        "its tiers have other names and meanings.",
        ANTHROPIC_MESSAGES,
        MISTRAL_CHAT);
    row(Feature.METADATA, DROPPED, "its dialect has no place for it.", ANTHROPIC_MESSAGES);
    row(
        Feature.METADATA,
        DROPPED,
        "it takes it only with an answer that it is to keep.",
        OPENAI_CHAT);
    row(Feature.END_USER, DROPPED, "its dialect has no place for it.", MISTRAL_CHAT);
    row(
        Feature.CACHE_MARK,
        DROPPED,
        "it caches prompts by itself.",
        OPENAI_CHAT,
        OPENAI_RESPONSES,
        MISTRAL_CHAT);
    row(Feature.CACHE_KEY, DROPPED, "it caches by marks in the prompt.", ANTHROPIC_MESSAGES);
    row(Feature.CACHE_OPTIONS, DROPPED, "its cache has other ways, and no such options.", ALL);
    row(
        Feature.PROVIDER_GUARDRAILS,
        ALWAYS_REFUSED,
        "the guard is another provider's; use a guard of this gateway.",
        ALL);
  }

  private void row(Feature feature, Fate fate, String why, Dialect... to) {
    for (Dialect dialect : to) {
      rows.add(new Loss(feature, dialect, fate, why));
    }
  }
}
