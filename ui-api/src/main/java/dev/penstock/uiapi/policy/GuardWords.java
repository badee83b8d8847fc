package dev.penstock.uiapi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;

/** What the detectors of a guard do, in words; what is not known here is told by its name. */
final class GuardWords {

  private GuardWords() {}

  /** Where a guard looks; a control plane that does not say it has guards of requests alone. */
  static String sides(JsonNode guard) {
    JsonNode on = guard.path("on");
    return on.isEmpty()
        ? "request"
        : on.valueStream().map(side -> side(side.asText())).collect(Collectors.joining(" and "));
  }

  private static String side(String word) {
    return switch (word) {
      case "input" -> "request";
      case "output" -> "answer";
      default -> "`" + word + "`";
    };
  }

  /** What becomes of what nobody can search, where a guard says more than that it is recorded. */
  static String unscannable(JsonNode guard) {
    String word = guard.path("unscannable").asText();
    return switch (word) {
      case "", "flag" -> "";
      case "allow" -> "; leaves images, sounds and files alone";
      case "refuse" -> "; lets no images, sounds and files pass";
      default -> "; does `%s` to images, sounds and files".formatted(word);
    };
  }

  static String of(JsonNode detectors) {
    return detectors.isEmpty()
        ? "looks for nothing that can be told here"
        : detectors.valueStream().map(GuardWords::one).collect(Collectors.joining("; "));
  }

  private static String one(JsonNode detector) {
    String action = detector.path("action").asText();
    return switch (action) {
      case "block" -> "lets nothing pass with " + what(detector, "or");
      case "redact" -> "takes out " + what(detector, "and");
      case "flag" -> "records " + what(detector, "and");
      default -> "does `%s` to %s".formatted(action, what(detector, "and"));
    };
  }

  private static String what(JsonNode detector, String lastWith) {
    String type = detector.path("type").asText();
    return switch (type) {
      case "pii" ->
          PolicySentences.list(
              detector
                  .path("entities")
                  .valueStream()
                  .map(entity -> entity(entity.asText()))
                  .toList(),
              lastWith);
      case "secrets" -> "credentials";
      case "terms" -> {
        int count = detector.path("count").asInt();
        yield count == 1
            ? "the term of its list"
            : "any of the %d terms of its list".formatted(count);
      }
      case "pattern" -> "what its pattern matches";
      case "injection" -> "attempts at prompt injection";
      case "size" ->
          "a text of more than %,d characters".formatted(detector.path("maxCharacters").asInt());
      case "http" ->
          "what the external guard at `%s` finds".formatted(detector.path("url").asText());
      default -> "what its detector `%s` finds".formatted(type);
    };
  }

  private static String entity(String word) {
    return switch (word) {
      case "email" -> "e-mail addresses";
      case "phone" -> "telephone numbers";
      case "iban" -> "bank account numbers";
      case "credit-card" -> "card numbers";
      case "us-ssn" -> "Social Security numbers";
      case "gb-nino" -> "National Insurance numbers";
      case "de-steuer-id" -> "German tax numbers";
      case "fr-nir" -> "French social security numbers";
      case "es-dni" -> "Spanish identity numbers";
      case "it-codice-fiscale" -> "Italian tax codes";
      case "nl-bsn" -> "Dutch citizen service numbers";
      case "pl-pesel" -> "Polish PESEL numbers";
      case "br-cpf" -> "Brazilian CPF numbers";
      case "ch-ahv" -> "Swiss AHV numbers";
      default -> "`" + word + "`";
    };
  }
}
