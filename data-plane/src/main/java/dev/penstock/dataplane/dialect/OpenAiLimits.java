package dev.penstock.dataplane.dialect;

import dev.penstock.dataplane.dialect.Allowance.Left;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rate limits in OpenAI's headers. */
final class OpenAiLimits {

  private OpenAiLimits() {}

  static Map<String, String> headers(Allowance allowance) {
    Map<String, String> headers = new LinkedHashMap<>();
    allowance.requests().ifPresent(left -> put(headers, "requests", left));
    allowance.tokens().ifPresent(left -> put(headers, "tokens", left));
    return headers;
  }

  private static void put(Map<String, String> headers, String what, Left left) {
    headers.put("x-ratelimit-limit-" + what, String.valueOf(left.perMinute()));
    headers.put("x-ratelimit-remaining-" + what, String.valueOf(left.left()));
    headers.put("x-ratelimit-reset-" + what, span(left.untilFull()));
  }

  /**
   * As Go writes a duration, which is how OpenAI does: {@code 12ms}, {@code 1.5s}, {@code 6m0s}.
   */
  static String span(Duration span) {
    long millis = span.toMillis();
    if (millis < 1_000) {
      return millis + "ms";
    }
    String fraction = millis % 1_000 == 0 ? "" : ".%03d".formatted(millis % 1_000);
    String seconds = span.toSecondsPart() + fraction.replaceAll("0+$", "") + "s";
    return millis < 60_000 ? seconds : span.toMinutes() + "m" + seconds;
  }
}
