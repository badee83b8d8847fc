package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.Named;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import java.util.List;
import java.util.Optional;

/** A manifest that has been read and is ready to be stored. */
record Draft<R extends Named>(Feature<R> feature, ResourceRef ref, R wanted, String path) {

  static <R extends Named> Draft<R> read(Feature<R> feature, Manifest manifest) {
    return new Draft<>(
        feature, manifest.ref(), feature.read(manifest.ref(), manifest.spec()), manifest.path());
  }

  /** What became of a draft, with what is shown once. */
  record Stored(Change change, Optional<String> shownOnce) {}

  Stored store(WriteDesk.Intent intent) {
    Optional<R> stored = feature.store().find(ref);
    if (stored.isPresent() && intent == WriteDesk.Intent.CREATE) {
      throw ProblemException.conflict(
          List.of(new Finding(path + "metadata.name", ref + " exists already")));
    }
    if (stored.isEmpty() && intent == WriteDesk.Intent.REPLACE) {
      throw ProblemException.notFound(ref + " does not exist");
    }
    if (stored.isEmpty()) {
      return new Stored(Change.of(ref, Change.Action.CREATED), feature.store().create(wanted));
    }
    if (feature.isSame(stored.get(), wanted)) {
      return new Stored(Change.of(ref, Change.Action.UNCHANGED), Optional.empty());
    }
    feature.store().update(stored.get(), wanted);
    return new Stored(Change.of(ref, Change.Action.UPDATED), Optional.empty());
  }
}
