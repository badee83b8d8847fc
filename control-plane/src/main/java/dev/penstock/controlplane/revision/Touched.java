package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.audit.AuditEvent.Action;
import dev.penstock.controlplane.digest.Sha256;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Named;
import dev.penstock.controlplane.manifest.ResourceRef;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A resource that a write has changed, for the audit log and the history.
 *
 * @param before its spec as it was shown before; absent: it is new
 * @param after the same afterwards; absent: it is gone
 * @param pathBefore from the root to the tenant concerned, where that may be gone afterwards
 */
record Touched(
    ResourceRef ref,
    Action action,
    Optional<ObjectNode> before,
    Optional<ObjectNode> after,
    List<String> pathBefore) {

  Touched {
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    pathBefore = List.copyOf(pathBefore);
  }

  static <R extends Named> Touched created(Feature<R> feature, ResourceRef ref, R wanted) {
    return new Touched(
        ref, Action.CREATE, Optional.empty(), Optional.of(feature.specOf(wanted)), List.of());
  }

  static <R extends Named> Touched updated(
      Feature<R> feature, ResourceRef ref, R stored, R wanted) {
    return new Touched(
        ref,
        Action.UPDATE,
        Optional.of(feature.specOf(stored)),
        Optional.of(feature.specOf(wanted)),
        List.of());
  }

  /** An API key has a successor of the same name. */
  static <R extends Named> Touched rotated(
      Feature<R> feature, ResourceRef ref, R stored, R successor) {
    return new Touched(
        ref,
        Action.ROTATE,
        Optional.of(feature.specOf(stored)),
        Optional.of(feature.specOf(successor)),
        List.of());
  }

  static <R extends Named> Touched deleted(
      Feature<R> feature, ResourceRef ref, R stored, List<String> pathBefore) {
    return new Touched(
        ref,
        ref.kind() == Kind.API_KEY ? Action.REVOKE : Action.DELETE,
        Optional.of(feature.specOf(stored)),
        Optional.empty(),
        pathBefore);
  }

  /** SHA-256 (hex) of the manifest as it was shown before. */
  Optional<String> beforeHash() {
    return before.map(this::hash);
  }

  /** The same afterwards. */
  Optional<String> afterHash() {
    return after.map(this::hash);
  }

  private String hash(ObjectNode spec) {
    return HexFormat.of().formatHex(Sha256.of(ReadDesk.manifest(ref, spec).toString()));
  }
}
