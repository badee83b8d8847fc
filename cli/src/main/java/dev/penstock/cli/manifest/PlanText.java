package dev.penstock.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;

/**
 * A plan for people: a line for each resource that would change, its fields, and what that means.
 */
record PlanText(JsonNode plan) {

  /** How many resources would change. */
  int differences() {
    return count("created") + count("updated") + count("deleted");
  }

  int deletions() {
    return count("deleted");
  }

  private int count(String action) {
    return (int)
        StreamSupport.stream(plan.path("changes").spliterator(), false)
            .filter(change -> change.path("action").asText().equals(action))
            .count();
  }

  @Override
  public String toString() {
    if (differences() == 0) {
      return "no differences\n";
    }
    StringBuilder text = new StringBuilder();
    plan.path("changes").forEach(change -> append(text, change));
    JsonNode impact = plan.path("impact");
    if (!impact.path("sentences").isEmpty()) {
      text.append("what that means:\n");
      impact
          .path("sentences")
          .forEach(sentence -> text.append("  ").append(sentence.asText()).append('\n'));
      int more = impact.path("sentencesLeftOut").asInt();
      if (more > 0) {
        text.append("  and ").append(more).append(" more\n");
      }
    }
    return text.append(
            "%d created, %d updated, %d deleted; touches %s and %s%n"
                .formatted(
                    count("created"),
                    count("updated"),
                    deletions(),
                    counted(impact.path("tenants").asInt(), "tenant"),
                    counted(impact.path("apiKeys").asInt(), "API key")))
        .toString();
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static void append(StringBuilder text, JsonNode change) {
    String mark =
        switch (change.path("action").asText()) {
          case "created" -> "+";
          case "updated" -> "~";
          case "deleted" -> "-";
          default -> "";
        };
    if (mark.isEmpty()) {
      return;
    }
    String tenant = change.path("tenant").asText("");
    text.append(mark)
        .append(' ')
        .append(change.path("kind").asText())
        .append(' ')
        .append(change.path("tenant").isTextual() ? tenant + "/" : "")
        .append(change.path("name").asText())
        .append('\n');
    change.path("fields").forEach(field -> appendField(text, field));
    if (mark.equals("~") && change.path("fields").isEmpty()) {
      text.append("    a value that is not shown\n");
    }
  }

  private static void appendField(StringBuilder text, JsonNode field) {
    text.append("    ")
        .append(field.path("field").asText())
        .append(": ")
        .append(value(field.path("from")))
        .append(" → ")
        .append(value(field.path("to")))
        .append('\n');
  }

  private static String value(JsonNode value) {
    return value.isMissingNode() || value.isNull() ? "(none)" : value.toString();
  }
}
