package dev.penstock.dataplane.dialect;

import java.util.Objects;
import java.util.Optional;

/**
 * What a provider found fault with, in its own words.
 *
 * @param status the HTTP status that says it best, also where it came in mid-stream
 * @param message the provider's; may quote the request, so it goes to the client and into no log
 * @param code the provider's machine-readable word; empty where it gives none
 * @param param the field that it names, in its own dialect
 */
public record ProviderError(int status, String message, String code, Optional<String> param) {

  /** A provider that says no more than that it failed. */
  public static final ProviderError UNSAID = new ProviderError(502, "", "", Optional.empty());

  public ProviderError {
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(param, "param");
  }

  @Override
  public String toString() {
    return "ProviderError[" + status + " " + code + "]";
  }
}
