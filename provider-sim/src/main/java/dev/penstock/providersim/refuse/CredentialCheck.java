package dev.penstock.providersim.refuse;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;

/**
 * Accepts one out of the upstream keys that are good now; never repeats what it was shown. Which
 * are good may be changed from any thread.
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

  /**
   * The key is looked for in these headers, in this order, and the first that is there counts, as
   * Anthropic's API prefers {@code x-api-key} to a bearer.
   *
   * @param keyHeaders {@code authorization} is read as a bearer, all others as the key itself
   */
  public void check(MultiMap headers, List<String> keyHeaders) throws Rejection {
    for (String name : keyHeaders) {
      List<String> shown = headers.getAll(name);
      if (!shown.isEmpty()) {
        if (shown.size() > 1 || !isGood(name, shown.getFirst())) {
          throw Rejection.invalidKey("Incorrect API key provided.");
        }
        return;
      }
    }
    throw Rejection.invalidKey("You didn't provide an API key.");
  }

  private boolean isGood(String name, String value) {
    if (!name.equals("authorization")) {
      return apiKeys.contains(value.strip());
    }
    return value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && apiKeys.contains(value.substring(SCHEME.length()).strip());
  }
}
