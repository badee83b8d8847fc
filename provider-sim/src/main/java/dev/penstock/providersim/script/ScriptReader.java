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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    Fields fields = new Fields("script", json).allow("prices", "usage", "steps");
    Prices prices = fields.child("prices").map(ScriptReader::prices).orElse(Prices.DEFAULT);
    Claim claim = fields.child("usage").map(ScriptReader::claim).orElse(Claim.COUNTED);
    JsonNode steps = json.get("steps");
    if (steps == null) {
      return new Script(
          prices,
          claim,
          builtIn
              .orElseThrow(() -> new BadScript("steps: missing, and the name is no built-in model"))
              .steps());
    }
    return new Script(prices, claim, steps(steps));
  }

  private static List<Step> steps(JsonNode json) {
    if (!json.isArray() || json.isEmpty()) {
      throw new BadScript("steps: (expected: a non-empty array)");
    }
    List<Step> steps = new ArrayList<>();
    for (JsonNode step : json) {
      steps.add(StepReader.read(new Fields("steps[" + steps.size() + "]", step)));
    }
    return steps;
  }

  private static Prices prices(Fields fields) {
    fields.allow("input", "cachedInput", "output");
    BigDecimal input = fields.decimal("input").orElse(Prices.DEFAULT.input());
    try {
      return new Prices(
          input,
          fields.decimal("cachedInput").orElse(input),
          fields.decimal("output").orElse(Prices.DEFAULT.output()));
    } catch (IllegalArgumentException unfit) {
      throw new BadScript(String.valueOf(unfit.getMessage()));
    }
  }

  private static Claim claim(Fields fields) {
    fields.allow("promptTokens", "cachedTokens", "completionTokens");
    @Nullable Long prompt = count(fields, "promptTokens");
    long cached = fields.whole("cachedTokens", 0, 0, MOST_TOKENS);
    if (cached > 0 && prompt == null) {
      throw new BadScript("usage.cachedTokens: needs promptTokens, which they are part of");
    }
    try {
      Usage stated = new Usage(prompt == null ? 0 : prompt, cached, 0);
      return new Claim(prompt, stated.cachedTokens(), count(fields, "completionTokens"));
    } catch (IllegalArgumentException unfit) {
      throw new BadScript(String.valueOf(unfit.getMessage()));
    }
  }

  private static @Nullable Long count(Fields fields, String name) {
    return fields.has(name) ? fields.whole(name, 0, 0, MOST_TOKENS) : null;
  }
}
