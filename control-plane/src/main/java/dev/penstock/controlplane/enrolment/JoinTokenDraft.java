package dev.penstock.controlplane.enrolment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.manifest.Durations;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads what a join token is wanted for; every mistake is named. */
final class JoinTokenDraft {

  private static final Set<String> FIELDS = Set.of("region", "node", "role", "expiresIn");
  private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final String EXPECTED_NAME =
      "expected a name of lower-case letters, digits and dashes";

  private JoinTokenDraft() {}

  /** What a token is made for. */
  record Wanted(String region, Optional<String> node, Duration life) {}

  static Wanted read(ObjectMapper json, byte[] body) {
    JsonNode draft = object(json, body);
    Findings findings = new Findings();
    draft
        .fieldNames()
        .forEachRemaining(name -> {
          if (!FIELDS.contains(name)) {
            findings.add(name, "is not known here");
          } else if (!draft.path(name).isTextual() && !draft.path(name).isNull()) {
            findings.add(name, "expected a text");
          }
        });
    String region = draft.path("region").asText("");
    if (!region.matches(NAME)) {
      findings.add("region", EXPECTED_NAME);
    }
    Optional<String> node = text(draft, "node");
    if (!node.map(name -> name.matches(NAME)).orElse(true)) {
      findings.add("node", EXPECTED_NAME);
    }
    if (!text(draft, "role").orElse(JoinTokens.ROLE).equals(JoinTokens.ROLE)) {
      findings.add("role", "expected " + JoinTokens.ROLE);
    }
    Optional<Duration> life =
        text(draft, "expiresIn")
            .map(Durations::parse)
            .orElse(Optional.of(JoinTokens.LONGEST))
            .filter(duration -> duration.compareTo(JoinTokens.LONGEST) <= 0);
    if (life.isEmpty()) {
      findings.add("expiresIn", "expected a duration of at most 10m, such as 90s");
    }
    findings.refuseIfAny();
    return new Wanted(region, node, life.orElseThrow());
  }

  private static Optional<String> text(JsonNode draft, String name) {
    return draft.hasNonNull(name) ? Optional.of(draft.path(name).asText()) : Optional.empty();
  }

  private static JsonNode object(ObjectMapper json, byte[] body) {
    try {
      JsonNode read = json.readTree(body);
      if (read != null && read.isObject()) {
        return read;
      }
    } catch (IOException malformed) {
      // Falls through: there is no more to say about it.
    }
    throw ProblemException.badRequest("body", "expected a JSON object with region");
  }
}
