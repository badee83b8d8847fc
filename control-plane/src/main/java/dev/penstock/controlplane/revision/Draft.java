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

  /** The same draft of another resource of the same class, which is the caller's to see to. */
  @SuppressWarnings("unchecked") // the caller has it from this draft
  Draft<R> with(Named changed) {
    return new Draft<>(feature, ref, (R) changed, path);
  }

  /** What became of a draft, with what is shown once; an unchanged resource was not touched. */
  record Stored(
      Change change,
      Optional<Touched> touched,
      List<FieldChange> fields,
      Optional<String> shownOnce) {

    PlannedChange planned() {
      return PlannedChange.of(change, fields);
    }
  }

  Stored store(WriteOrder.Intent intent) {
    Optional<R> stored = feature.store().find(ref);
    if (stored.isPresent() && intent == WriteOrder.Intent.CREATE) {
      throw ProblemException.conflict(
          List.of(new Finding(path + "metadata.name", ref + " exists already")));
    }
    if (stored.isEmpty() && intent == WriteOrder.Intent.REPLACE) {
      throw ProblemException.notFound(ref + " does not exist");
    }
    if (stored.isEmpty()) {
      refuseIfLacking();
      return new Stored(
          Change.of(ref, Change.Action.CREATED),
          Optional.of(Touched.created(feature, ref, wanted)),
          List.of(),
          feature.store().create(wanted));
    }
    if (feature.isSame(stored.get(), wanted)) {
      return new Stored(
          Change.of(ref, Change.Action.UNCHANGED), Optional.empty(), List.of(), Optional.empty());
    }
    List<FieldChange> fields =
        FieldChange.between(feature.specOf(stored.get()), feature.specOf(wanted));
    Touched touched = Touched.updated(feature, ref, stored.get(), wanted);
    feature.store().update(stored.get(), wanted);
    return new Stored(
        Change.of(ref, Change.Action.UPDATED), Optional.of(touched), fields, Optional.empty());
  }

  private void refuseIfLacking() {
    feature
        .lackOf(wanted)
        .ifPresent(lack -> {
          throw ProblemException.refused(List.of(new Finding(path + lack.field(), lack.detail())));
        });
  }
}
