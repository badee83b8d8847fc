package dev.penstock.providersim.refuse;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;

/**
 * Accepts one bearer out of the upstream keys that are good now; never repeats what it was shown.
 * Which are good may be changed from any thread.
 */
public final class CredentialCheck {
  private static final String SCHEME = "Bearer ";

  private volatile Set<String> apiKeys;

  public CredentialCheck(Set<String> apiKeys) {
    this.apiKeys = Set.copyOf(apiKeys);
  }

  /** From now on these are good and no others; calls that were accepted before go on. */
  public void accept(Set<String> keys) {
    apiKeys = Set.copyOf(keys);
  }

  public void check(MultiMap headers) throws Rejection {
    List<String> shown = headers.getAll("authorization");
    if (shown.isEmpty()) {
      throw Rejection.invalidKey("You didn't provide an API key.");
    }
    boolean known =
        shown.size() == 1
            && shown.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            && apiKeys.contains(shown.getFirst().substring(SCHEME.length()).strip());
    if (!known) {
      throw Rejection.invalidKey("Incorrect API key provided.");
    }
  }
}
