package dev.penstock.providersim.messages;

import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.List;

/** Sampling parameters: bounded in the older version, gone from the newer one. */
final class Sampling {
  private static final List<String> NAMES = List.of("temperature", "top_p", "top_k");

  private Sampling() {}

  static void check(RequestFields request, ApiVersion version, Thinking thinking) throws Rejection {
    if (version == ApiVersion.V2026_10_21) {
      gone(request);
      return;
    }
    request.range("temperature", 0, 1);
    request.range("top_p", 0, 1);
    request.whole("top_k", 0, Integer.MAX_VALUE);
    boolean warm = request.has("temperature") && request.node("temperature").doubleValue() != 1;
    if (thinking == Thinking.ON && warm) {
      throw Rejection.badRequest(
          "may only be set to 1 when thinking is enabled", "temperature", null);
    }
  }

  /** Also at their default values. */
  private static void gone(RequestFields request) throws Rejection {
    for (String name : NAMES) {
      if (request.has(name)) {
        throw Rejection.badRequest(
            "is not supported with anthropic-version 2026-10-21", name, null);
      }
    }
  }
}
