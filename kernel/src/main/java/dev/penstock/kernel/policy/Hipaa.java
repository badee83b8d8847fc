package dev.penstock.kernel.policy;

import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.guard.Side;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the HIPAA mode of a tenant asks for: both planes decide by this. It holds whether the tenant
 * enforces or observes, as no observation makes up for a disclosure.
 */
public final class Hipaa {

  /** The compliance of providers with which there is a business associate agreement. */
  public static final String COMPLIANCE = "hipaa-baa";

  /** So long a tenant in the mode is served at most by what may have been changed since. */
  public static final Duration MOST_STALENESS = Duration.ofMinutes(15);

  private Hipaa() {}

  /**
   * The sides that no guard searches whose finds have consequences; where there is one, nothing of
   * the tenant is served. A guard that is only observed does not count, nor one that nobody has,
   * nor one that does nothing but ask an external guard, as in the mode none is asked.
   *
   * @param on where a node searches for the guard of a name
   */
  public static Set<Side> unguarded(
      List<GuardRef> guards, Function<GuardRef, Optional<Set<Side>>> on) {
    Set<Side> unguarded = EnumSet.allOf(Side.class);
    for (GuardRef guard : guards) {
      if (!guard.observed()) {
        on.apply(guard).ifPresent(unguarded::removeAll);
      }
    }
    return unguarded;
  }
}
