package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import java.util.Optional;

/**
 * What a client says in {@code anthropic-version}; both are served on every path.
 *
 * <p>Source: Anthropic API reference, "Versions" and "Migrating to 2026-10-21".
 */
public enum ApiVersion {
  V2023_06_01("2023-06-01"),
  /** Takes no sampling parameters, no documents of an assistant and no citations on user text. */
  V2026_10_21("2026-10-21");

  private final String word;

  ApiVersion(String word) {
    this.word = word;
  }

  /** As the header says it. */
  public String word() {
    return word;
  }

  /**
   * The version that a client states.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} where it
   *     states none, or one that is not known
   */
  public static ApiVersion read(Optional<String> header) {
    for (ApiVersion version : values()) {
      if (header.isPresent() && version.word.equals(header.get().strip())) {
        return version;
      }
    }
    throw Refusal.ofField(
            Code.INVALID_REQUEST,
            "anthropic-version",
            "The header anthropic-version must be 2023-06-01 or 2026-10-21.")
        .toException();
  }
}
