package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.identity.Caller;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.rollout.Pace;
import java.util.List;
import java.util.Objects;

/**
 * What a request wants written.
 *
 * @param ifMatch what the caller has seen: of the one resource that it replaces, or else of the
 *     whole state, see {@link Plan#tag}
 */
public record WriteOrder(
    Caller caller,
    List<Manifest> manifests,
    Intent intent,
    Others others,
    EntityTags ifMatch,
    Pace pace) {

  /** What a request means by its manifests. */
  public enum Intent {
    /** Each is to be so, whether it exists or not. */
    APPLY,
    /** Each must be new. */
    CREATE,
    /** Each must exist. */
    REPLACE
  }

  public WriteOrder {
    Objects.requireNonNull(caller, "caller");
    manifests = List.copyOf(manifests);
    Objects.requireNonNull(intent, "intent");
    Objects.requireNonNull(others, "others");
    Objects.requireNonNull(ifMatch, "ifMatch");
    Objects.requireNonNull(pace, "pace");
  }

  /** New resources: the one that is asked for, and what comes with it. */
  public static WriteOrder create(Caller caller, List<Manifest> manifests, Pace pace) {
    return new WriteOrder(
        caller, manifests, Intent.CREATE, Others.KEEP, EntityTags.mayMatch(null), pace);
  }

  /** One resource instead of the one that the caller has seen. */
  public static WriteOrder replace(
      Caller caller, Manifest manifest, EntityTags ifMatch, Pace pace) {
    return new WriteOrder(caller, List.of(manifest), Intent.REPLACE, Others.KEEP, ifMatch, pace);
  }
}
