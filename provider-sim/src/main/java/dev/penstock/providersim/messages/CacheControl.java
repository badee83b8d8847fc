package dev.penstock.providersim.messages;

import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.Set;

/** Checks {@code cache_control} wherever it stands. */
final class CacheControl {
  private CacheControl() {}

  static void check(RequestFields owner) throws Rejection {
    if (!owner.has("cache_control")) {
      return;
    }
    RequestFields control = owner.needObject("cache_control").onlyKnown(Set.of("type", "ttl"));
    control.needOneOf("type", Set.of("ephemeral"));
    control.mayBeOneOf("ttl", Set.of("5m", "1h"));
  }
}
