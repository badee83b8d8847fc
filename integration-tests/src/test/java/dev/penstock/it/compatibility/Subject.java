package dev.penstock.it.compatibility;

import java.util.List;
import java.util.Map;

/** What every SDK asks, in its own words. */
final class Subject {
  static final String QUESTION = "How is the weather in Paris?";

  /** JSON Schema, without what only some providers take. */
  static final Map<String, Object> CITY =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("city", Map.of("type", "string")),
          "required",
          List.of("city"),
          "additionalProperties",
          false);

  static final Map<String, Object> NOTHING =
      Map.of("type", "object", "properties", Map.of(), "additionalProperties", false);

  static final Map<String, Object> REPORT =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("city", Map.of("type", "string"), "degrees", Map.of("type", "integer")),
          "required",
          List.of("city", "degrees"),
          "additionalProperties",
          false);

  /** A PNG of one pixel, in Base64. */
  static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  static final long MAX_TOKENS = 2_000;

  private Subject() {}
}
