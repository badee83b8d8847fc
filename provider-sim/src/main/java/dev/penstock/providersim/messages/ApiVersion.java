package dev.penstock.providersim.messages;

import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.refuse.Rejection;
import java.util.List;

/** The two versions of the API that are served (November 2026). */
enum ApiVersion {
  V2023_06_01("2023-06-01"),
  /** Takes no sampling parameters, no documents of the assistant, no citations on user text. */
  V2026_10_21("2026-10-21");

  private final String word;

  ApiVersion(String word) {
    this.word = word;
  }

  static ApiVersion of(Head head) throws Rejection {
    List<String> given = head.headers().getAll(AnthropicProvider.VERSION);
    if (given.isEmpty()) {
      throw Rejection.badRequest("anthropic-version: header is required", null, null);
    }
    for (ApiVersion version : values()) {
      if (given.size() == 1 && version.word.equals(given.getFirst())) {
        return version;
      }
    }
    throw Rejection.badRequest(
        "anthropic-version: \"" + String.join(", ", given) + "\" is not a valid version",
        null,
        null);
  }
}
