package dev.penstock.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * A request record as text. What the record does not hold is left out, so a request that was
 * refused at the door is a short story.
 */
final class Explanation {
  private final JsonNode it;
  private final StringBuilder text = new StringBuilder();

  private Explanation(JsonNode requestRecord) {
    this.it = requestRecord;
  }

  static String of(JsonNode requestRecord) {
    Explanation explanation = new Explanation(requestRecord);
    explanation.outcome();
    explanation.whoAndWhat();
    explanation.decisions();
    explanation.attempts();
    explanation.effort();
    return explanation.text.toString();
  }

  private void outcome() {
    text.append("Request ").append(word("id")).append(": ").append(word("outcome"));
    if (has("errorCode")) {
      text.append(" with ").append(word("errorCode"));
    }
    if (it.path("presumed").asBoolean()) {
      text.append(" (presumed: its node was lost before it could tell)");
    }
    text.append('\n');
  }

  private void whoAndWhat() {
    line(
        "at",
        word("at")
            + (has("policyRevision") ? ", under policy revision " + word("policyRevision") : ""));
    line("asked by", askedBy());
    line("tags", tags());
    String by = fields("dialect", "transport");
    line("asked for", word("modelAsked") + (by.isEmpty() ? "" : " over " + by));
    line("served by", servedBy());
    line("node", node());
  }

  private String node() {
    if (!has("node")) {
      return has("nodeRegion") ? "in " + word("nodeRegion") : "";
    }
    return has("nodeRegion") ? word("node") + " in " + word("nodeRegion") : word("node");
  }

  private String askedBy() {
    List<String> path = new ArrayList<>();
    it.path("tenantPath").forEach(tenant -> path.add(tenant.asText()));
    String tenant = path.isEmpty() ? word("tenant") : String.join(" > ", path);
    StringJoiner who = new StringJoiner(", ");
    if (!tenant.isEmpty()) {
      who.add(tenant);
    }
    if (has("apiKey")) {
      who.add("key " + word("apiKey"));
    }
    if (has("subject")) {
      who.add(word("subject"));
    }
    return who.toString();
  }

  private String tags() {
    StringJoiner tags = new StringJoiner(", ");
    it.path("tags")
        .properties()
        .forEach(tag -> tags.add(tag.getKey() + "=" + tag.getValue().asText()));
    return tags.toString();
  }

  private String servedBy() {
    if (!has("deployment")) {
      return "";
    }
    StringBuilder served = new StringBuilder(word("deployment"));
    if (has("model")) {
      served.append(" of model ").append(word("model"));
    }
    if (has("provider")) {
      served.append(" at ").append(word("provider"));
    }
    if (has("providerRegion")) {
      served.append(" (").append(word("providerRegion")).append(')');
    }
    JsonNode credential = it.path("credential");
    if (credential.hasNonNull("name")) {
      served
          .append(", credential ")
          .append(credential.path("name").asText())
          .append(" version ")
          .append(credential.path("version").asText());
    }
    return served.toString();
  }

  private void decisions() {
    if (it.path("decisions").isEmpty()) {
      return;
    }
    text.append("\nDecisions\n");
    for (JsonNode decision : it.path("decisions")) {
      String reason = decision.path("reason").asText("");
      text.append(
          "  %11s  %-13s %-7s %s"
              .formatted(
                  millis(decision.path("atMicros")),
                  decision.path("step").asText(),
                  decision.path("verdict").asText(),
                  reason)
              .stripTrailing());
      text.append('\n');
    }
  }

  private void attempts() {
    if (it.path("attempts").isEmpty()) {
      return;
    }
    text.append("\nAttempts\n");
    int number = 0;
    for (JsonNode attempt : it.path("attempts")) {
      number++;
      StringJoiner parts = new StringJoiner(", ");
      parts.add(attempt.path("deployment").asText());
      if (attempt.hasNonNull("status")) {
        parts.add("status " + attempt.path("status").asText());
      }
      if (attempt.hasNonNull("error")) {
        parts.add(attempt.path("error").asText());
      }
      if (attempt.hasNonNull("firstTokenMicros")) {
        parts.add("first token after " + millis(attempt.path("firstTokenMicros")));
      }
      if (attempt.hasNonNull("billable")) {
        parts.add(bill(attempt));
      }
      if (attempt.hasNonNull("providerRequestId")) {
        parts.add("there " + attempt.path("providerRequestId").asText());
      }
      text.append("  ").append(number).append(". ").append(parts).append('\n');
    }
  }

  private static String bill(JsonNode attempt) {
    String cost = attempt.path("costNanoUsd").asText("0");
    if (cost.equals("0")) {
      return attempt.path("billable").asBoolean() ? "billed" : "not billed";
    }
    return attempt.path("billable").asBoolean()
        ? "billed " + dollars(cost)
        : "not billed: the platform bears " + dollars(cost);
  }

  private void effort() {
    int before = text.length();
    if (has("ttftUpstreamMicros") || has("ttftDeliveredMicros")) {
      StringJoiner first = new StringJoiner(", ");
      if (has("ttftUpstreamMicros")) {
        first.add(millis(it.path("ttftUpstreamMicros")) + " from the provider");
      }
      if (has("ttftDeliveredMicros")) {
        first.add(millis(it.path("ttftDeliveredMicros")) + " to the client");
      }
      line("first token", first.toString());
    }
    if (has("durationMicros")) {
      line("whole", millis(it.path("durationMicros")));
    }
    line("tokens", tokens());
    if (has("costNanoUsd")) {
      String tier = word("serviceTier");
      line(
          "cost",
          dollars(word("costNanoUsd")) + (tier.isEmpty() ? "" : " in the service tier " + tier));
    }
    if (has("borneNanoUsd") && !word("borneNanoUsd").equals("0")) {
      line(
          "borne",
          dollars(word("borneNanoUsd")) + " by the platform, for attempts that did not serve");
    }
    if (text.length() > before) {
      text.insert(before, '\n');
    }
  }

  private String tokens() {
    JsonNode tokens = it.path("tokens");
    if (!tokens.isObject()) {
      return "";
    }
    StringJoiner parts = new StringJoiner(", ");
    parts.add(tokens.path("input").asText("0") + " in");
    addIfAny(parts, tokens, "cacheRead", "read from cache");
    addIfAny(parts, tokens, "cacheWrite", "written to cache");
    parts.add(tokens.path("output").asText("0") + " out");
    addIfAny(parts, tokens, "reasoning", "of them reasoning");
    return switch (word("usageSource")) {
      case "provider" -> parts + " (the provider's count)";
      case "partial" -> parts + " (the provider's count as far as it came)";
      case "estimated" -> parts + " (estimated: the provider gave no count)";
      default -> parts.toString();
    };
  }

  private static void addIfAny(StringJoiner parts, JsonNode tokens, String field, String words) {
    if (tokens.path(field).asLong() > 0) {
      parts.add(tokens.path(field).asText() + " " + words);
    }
  }

  private static String dollars(String nanoUsd) {
    BigDecimal usd = new BigDecimal(nanoUsd).movePointLeft(9).stripTrailingZeros();
    return usd.toPlainString() + " USD";
  }

  private static String millis(JsonNode micros) {
    return String.format(Locale.ROOT, "%.3f ms", micros.asLong() / 1000.0);
  }

  private void line(String label, String content) {
    if (!content.isEmpty()) {
      text.append("  %-12s %s\n".formatted(label, content));
    }
  }

  private boolean has(String field) {
    return it.hasNonNull(field);
  }

  private String word(String field) {
    return it.path(field).asText("");
  }

  /** Those among these fields that the record holds, with a blank between. */
  private String fields(String... names) {
    StringJoiner parts = new StringJoiner(" ");
    for (String name : names) {
      if (has(name)) {
        parts.add(word(name));
      }
    }
    return parts.toString();
  }
}
