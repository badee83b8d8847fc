package dev.penstock.dataplane.meter;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which public encoding comes near a model's own, and how many tokens of the model's stand for a
 * hundred of its. OpenAI's encodings are public and exact; other makers' are not, and their factors
 * are rather too high than too low. Sources: OpenAI, "How to count tokens with tiktoken";
 * Anthropic, "Token counting" (newer models: up to 35 % more than earlier ones).
 */
record Tokenizer(EncodingType encoding, int percent) {

  /** An encoding is loaded when it is first used: some hundred milliseconds, tens of megabytes. */
  private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();

  private static final Tokenizer UNKNOWN = new Tokenizer(EncodingType.O200K_BASE, 120);

  private record Row(Pattern names, Tokenizer tokenizer) {}

  /** The first that fits holds. */
  private static final List<Row> TABLE =
      List.of(
          row("gpt-(4o|4\\.|5|6|oss)|chatgpt-4o|o[134](-|$)", EncodingType.O200K_BASE, 100),
          row("gpt-(4|3\\.5)|text-embedding-(3|ada-002)", EncodingType.CL100K_BASE, 100),
          row("claude-[a-z]+-(4-[7-9](-|$)|[5-9])", EncodingType.O200K_BASE, 160),
          row("claude", EncodingType.O200K_BASE, 120),
          row(
              "(open-)?(mistral|mixtral|ministral|magistral|codestral|devstral|pixtral)",
              EncodingType.O200K_BASE,
              115),
          row("(meta-)?llama", EncodingType.O200K_BASE, 105));

  /** A name begins with a pattern, or it does behind the name of its maker. */
  private static Row row(String beginnings, EncodingType encoding, int percent) {
    return new Row(
        Pattern.compile("(^|[/.:])(" + beginnings + ")", Pattern.CASE_INSENSITIVE),
        new Tokenizer(encoding, percent));
  }

  /** By the provider's name of a model, or by ours where that says nothing. */
  static Tokenizer of(String upstreamModel, String model) {
    for (String name : List.of(upstreamModel, model)) {
      for (Row row : TABLE) {
        if (row.names().matcher(name).find()) {
          return row.tokenizer();
        }
      }
    }
    return UNKNOWN;
  }

  /** Tokens of a whole text, by those of its beginning; rounded up. */
  long count(TextSample text) {
    if (text.sampledLength() == 0) {
      return 0;
    }
    long sampled = ENCODINGS.getEncoding(encoding).countTokensOrdinary(text.beginning());
    return Math.ceilDiv(
        Math.ceilDiv(sampled * percent * text.length(), text.sampledLength()), 100L);
  }
}
