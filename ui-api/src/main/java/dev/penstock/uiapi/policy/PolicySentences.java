package dev.penstock.uiapi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.uiapi.policy.Sentence.Force;
import dev.penstock.uiapi.policy.Sentence.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * An effective policy, as the admin API explains it, in plain sentences. A rule that is not known
 * here is told as it came rather than left out: a page that is silent about a rule says that there
 * is none.
 */
final class PolicySentences {

  private static final Set<String> NO_RULES = Set.of("tenant", "path");

  /** Between digits, where a multiple of three of them follows. */
  private static final Pattern THOUSANDS = Pattern.compile("\\B(?=(\\d{3})+$)");

  private final List<Sentence> sentences = new ArrayList<>();

  private PolicySentences() {}

  static List<Sentence> of(JsonNode policy) {
    PolicySentences told = new PolicySentences();
    for (Map.Entry<String, JsonNode> rule : policy.properties()) {
      if (!NO_RULES.contains(rule.getKey())) {
        told.tell(rule.getKey(), rule.getValue());
      }
    }
    return List.copyOf(told.sentences);
  }

  private void tell(String name, JsonNode rule) {
    switch (name) {
      case "mode" -> mode(rule);
      case "suspended" -> suspended(rule);
      case "models" -> each("Models", rule, PolicySentences::models);
      case "residency" -> each("Where", rule, PolicySentences::residency);
      case "unknownPrice" -> each("Prices", rule, PolicySentences::unknownPrice);
      case "maxStaleness" -> maxStaleness(rule);
      case "hipaa" -> hipaa(rule);
      case "tags" -> tags(rule);
      case "requiredTags" -> requiredTags(rule);
      case "guards" -> guards(rule);
      case "budgets" -> budgets(rule);
      case "rateLimits" -> rateLimits(rule);
      default -> asItCame(name, rule);
    }
  }

  private void mode(JsonNode rule) {
    if (rule.path("value").asText().equals("observe")) {
      say(
          "Mode",
          "What this tenant's own rules would deny is let through and recorded;"
              + " the rules above it are enforced as they say.",
          rule);
    }
  }

  private void suspended(JsonNode rule) {
    if (rule.path("value").asBoolean()) {
      say("Suspended", "Every request is denied, until the suspension is lifted.", rule);
    }
  }

  /** What is enforced, and what is only observed, where both are said of one rule. */
  private void each(String topic, JsonNode rule, Function<JsonNode, String> words) {
    say(topic, words.apply(rule.path("value")), rule);
    JsonNode observed = rule.path("observed");
    if (observed.isObject()) {
      sentences.add(
          new Sentence(
              topic, words.apply(observed.path("value")), Force.OBSERVED, sources(observed)));
    }
  }

  private static String models(JsonNode names) {
    if (names.isNull()) {
      return "Requests may use any model that the platform has.";
    }
    return names.isEmpty()
        ? "Requests may use no model at all."
        : "Requests may use %s, and no other model.".formatted(list(names));
  }

  private static String residency(JsonNode names) {
    if (names.isNull()) {
      return "Requests may be handled in any region.";
    }
    return names.isEmpty()
        ? "There is no region in which requests may be handled."
        : "Requests, the providers that answer them and what is recorded of them stay in %s."
            .formatted(list(names));
  }

  private static String unknownPrice(JsonNode price) {
    JsonNode ceiling = price.path("ceilingPerMillionTokens");
    return ceiling.isMissingNode()
        ? "A model without a price is refused."
        : "A model without a price is counted at %s USD per million tokens."
            .formatted(amount(ceiling.asText()));
  }

  /** A decimal text with its thousands apart. */
  private static String amount(String decimal) {
    int point = decimal.indexOf('.') < 0 ? decimal.length() : decimal.indexOf('.');
    return THOUSANDS.matcher(decimal.substring(0, point)).replaceAll(",")
        + decimal.substring(point);
  }

  /** Where nobody states one the node's own limit holds, for all alike. */
  private void maxStaleness(JsonNode rule) {
    if (rule.path("value").isTextual()) {
      say(
          "Staleness",
          "A node that is not known to have had the newest policy for %s refuses every request."
              .formatted(rule.path("value").asText()),
          rule);
    }
  }

  private void hipaa(JsonNode rule) {
    if (rule.path("value").asBoolean()) {
      say(
          "HIPAA",
          "Only providers that are marked `hipaa-baa` may answer, guards have to search requests and"
              + " answers, and no content is stored.",
          rule);
      rule.path("unguarded")
          .forEach(side ->
              say(
                  "HIPAA",
                  "Every request is refused, because no enforced guard searches %s."
                      .formatted(side.asText().equals("output") ? "answers" : "requests"),
                  rule));
    }
  }

  private void tags(JsonNode tags) {
    for (Map.Entry<String, JsonNode> tag : tags.properties()) {
      say(
          "Tags",
          "Every request is recorded with `%s` = `%s`."
              .formatted(tag.getKey(), tag.getValue().path("value").asText()),
          tag.getValue());
    }
  }

  private void requiredTags(JsonNode tags) {
    for (Map.Entry<String, JsonNode> tag : tags.properties()) {
      boolean observed = tag.getValue().path("observed").asBoolean();
      sentences.add(
          new Sentence(
              "Tags",
              "A request must say what its tag `%s` is, itself or by its key."
                  .formatted(tag.getKey()),
              observed ? Force.OBSERVED : Force.ENFORCED,
              sources(tag.getValue())));
    }
  }

  private void guards(JsonNode guards) {
    for (JsonNode guard : guards) {
      sentences.add(
          new Sentence(
              "Guards",
              "The guard `%s/%s` searches every %s; it %s%s."
                  .formatted(
                      guard.at("/value/tenant").asText(),
                      guard.at("/value/name").asText(),
                      GuardWords.sides(guard),
                      GuardWords.of(guard.path("detectors")),
                      GuardWords.unscannable(guard)),
              guard.path("observed").asBoolean() ? Force.OBSERVED : Force.ENFORCED,
              sources(guard)));
    }
    if (guards.isEmpty()) {
      say("Guards", "No guard searches requests or answers.", guards);
    }
  }

  private void budgets(JsonNode budgets) {
    for (JsonNode budget : budgets) {
      JsonNode end = budget.path("window").path("endsAt");
      say(
          "Budget",
          "%s may cost %s USD together in one period%s."
              .formatted(
                  whose(budget),
                  amount(budget.path("amount").asText()),
                  end.isMissingNode() ? "" : "; this one ends " + minute(end.asText())),
          budget);
    }
    if (budgets.isEmpty()) {
      say("Budget", "No budget limits what requests may cost.", budgets);
    }
  }

  private static String minute(String instant) {
    return instant.substring(0, Math.min(16, instant.length())).replace('T', ' ') + " UTC";
  }

  private void rateLimits(JsonNode limits) {
    for (JsonNode limit : limits) {
      List<String> most =
          limit.properties().stream()
              .filter(each -> each.getValue().isNumber())
              .map(each -> atMost(each.getKey(), each.getValue().asLong()))
              .toList();
      sentences.add(
          new Sentence(
              "Rate limit",
              "%s are held to %s, on all nodes together."
                  .formatted(whose(limit), list(most, "and")),
              limit.path("observed").asBoolean() ? Force.OBSERVED : Force.ENFORCED,
              sources(limit)));
    }
    if (limits.isEmpty()) {
      say("Rate limit", "No rate limit holds requests back.", limits);
    }
  }

  private static String atMost(String field, long number) {
    return switch (field) {
      case "requestsPerMinute" -> number + " a minute";
      case "tokensPerMinute" -> number + " tokens a minute";
      case "concurrentStreams" -> number + " at the same time";
      default -> "`%s` = %d".formatted(field, number);
    };
  }

  private static String whose(JsonNode rule) {
    StringBuilder whose = new StringBuilder("Requests of `");
    whose.append(rule.at("/from/0/tenant").asText()).append("` and below");
    for (Map.Entry<String, JsonNode> narrowed : rule.path("scope").properties()) {
      whose
          .append(
              switch (narrowed.getKey()) {
                case "apiKey" -> " with the key `";
                case "model" -> " to the model `";
                default -> " with the " + narrowed.getKey() + " `";
              })
          .append(narrowed.getValue().asText())
          .append('`');
    }
    return whose.toString();
  }

  private void asItCame(String name, JsonNode rule) {
    for (JsonNode one : rule.isArray() ? rule : List.of(rule)) {
      JsonNode value = one.has("value") ? one.path("value") : one;
      String text = value.isTextual() ? value.asText() : value.toString();
      say(name, "The rule `%s` is `%s`.".formatted(name, text.replace('`', '\'')), one);
    }
  }

  private void say(String topic, String text, JsonNode rule) {
    sentences.add(new Sentence(topic, text, Force.ENFORCED, sources(rule)));
  }

  private static List<Source> sources(JsonNode rule) {
    return rule.path("from")
        .valueStream()
        .map(from ->
            new Source(
                from.path("kind").asText(),
                from.path("tenant").asText(from.path("name").asText()),
                from.path("name").asText()))
        .toList();
  }

  private static String list(JsonNode names) {
    return list(names.valueStream().map(name -> "`" + name.asText() + "`").toList(), "and");
  }

  /** As one says a list. */
  static String list(List<String> words, String lastWith) {
    return words.size() < 2
        ? String.join("", words)
        : "%s %s %s"
            .formatted(
                String.join(", ", words.subList(0, words.size() - 1)), lastWith, words.getLast());
  }
}
