package dev.penstock.providersim.script;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.penstock.providersim.invoice.Prices;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.script.Script.Claim;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the JSON of {@code PUT /_sim/scripts/{model}} into a {@link Script}. */
final class ScriptReader {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final long MOST_TOKENS = 1_000_000_000;

  private ScriptReader() {}

  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException notJson) {
      throw new BadScript("script: not JSON: " + notJson.getOriginalMessage());
    }
  }

  /** A script without steps keeps those of the built-in model of that name and reprices it. */
  static Script read(JsonNode json, Optional<Script> builtIn) {
    Fields fields = new Fields("script", json).allow("prices", "usage", "refuses", "steps");
    Prices prices = fields.child("prices").map(ScriptReader::prices).orElse(Prices.DEFAULT);
    Claim claim = fields.child("usage").map(ScriptReader::claim).orElse(Claim.COUNTED);
    Set<String> refuses = refuses(fields);
    JsonNode steps = json.get("steps");
    if (steps == null) {
      return new Script(
          prices,
          claim,
          refuses,
          builtIn
              .orElseThrow(() -> new BadScript("steps: missing, and the name is no built-in model"))
              .steps());
    }
    return new Script(prices, claim, refuses, steps(steps));
  }

  private static Set<String> refuses(Fields fields) {
    Set<String> names = new LinkedHashSet<>();
    JsonNode given = fields.json().path("refuses");
    for (JsonNode name : given) {
      names.add(name.asText());
    }
    if (fields.has("refuses") && (!given.isArray() || names.isEmpty() || names.contains(""))) {
      throw fields.bad("refuses", given.toString(), "a non-empty array of names of fields");
    }
    return names;
  }

  private static List<Step> steps(JsonNode json) {
    if (!json.isArray() || json.isEmpty()) {
      throw new BadScript("steps: (expected: a non-empty array)");
    }
    List<Step> steps = new ArrayList<>();
    StepReader reader = new StepReader();
    for (JsonNode step : json) {
      steps.add(reader.read(new Fields("steps[" + steps.size() + "]", step)));
    }
    return steps;
  }

  private static Prices prices(Fields fields) {
    fields.allow("input", "cachedInput", "cacheWrite5m", "cacheWrite1h", "output", "reasoning");
    BigDecimal input = fields.decimal("input").orElse(Prices.DEFAULT.input());
    BigDecimal output = fields.decimal("output").orElse(Prices.DEFAULT.output());
    try {
      return new Prices(
          input,
          fields.decimal("cachedInput").orElse(input),
          fields.decimal("cacheWrite5m").orElse(input),
          fields.decimal("cacheWrite1h").orElse(input),
          output,
          fields.decimal("reasoning").orElse(output));
    } catch (IllegalArgumentException unfit) {
      throw new BadScript(String.valueOf(unfit.getMessage()));
    }
  }

  private static Claim claim(Fields fields) {
    fields.allow(
        "promptTokens",
        "cachedTokens",
        "cacheWrite5mTokens",
        "cacheWrite1hTokens",
        "completionTokens",
        "reasoningTokens");
    needs(fields, "promptTokens", "cachedTokens", "cacheWrite5mTokens", "cacheWrite1hTokens");
    needs(fields, "completionTokens", "reasoningTokens");
    try {
      Usage stated =
          new Usage(
              tokens(fields, "promptTokens"),
              tokens(fields, "cachedTokens"),
              tokens(fields, "cacheWrite5mTokens"),
              tokens(fields, "cacheWrite1hTokens"),
              tokens(fields, "completionTokens"),
              tokens(fields, "reasoningTokens"));
      return new Claim(
          fields.has("promptTokens") ? stated.answeredWith(0, 0) : null,
          fields.has("completionTokens") ? stated.completionTokens() : null,
          fields.has("reasoningTokens") ? stated.reasoningTokens() : null);
    } catch (IllegalArgumentException unfit) {
      throw new BadScript(String.valueOf(unfit.getMessage()));
    }
  }

  private static void needs(Fields fields, String whole, String... parts) {
    for (String part : parts) {
      if (fields.has(part) && !fields.has(whole)) {
        throw new BadScript("usage." + part + ": needs " + whole + ", which it is part of");
      }
    }
  }

  private static long tokens(Fields fields, String name) {
    return fields.whole(name, 0, 0, MOST_TOKENS);
  }
}
