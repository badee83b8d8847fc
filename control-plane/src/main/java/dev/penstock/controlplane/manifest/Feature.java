package dev.penstock.controlplane.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.problem.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What is a kind's own: how it is read from a manifest, where it is kept, how it is shown.
 *
 * <p>References to other resources are not a feature's business: they are proven over the whole
 * state once everything of a request has been written.
 *
 * @param <R> the resource as a record
 */
public interface Feature<R extends Named> {

  Store<R> store();

  /** Reads a manifest; what is wrong with it is noted on the spec, and then nobody uses it. */
  R read(ResourceRef ref, Spec spec);

  /** Whether writing would change nothing. */
  default boolean isSame(R stored, R wanted) {
    return stored.equals(wanted);
  }

  /** Changes whenever something changes that the spec does not show; empty where all is shown. */
  default String hiddenVersion(R stored) {
    return "";
  }

  /** By what a list of the kind can be filtered and sorted, beside the name. */
  default List<Field> listFields() {
    return List.of();
  }

  /** What something new needs and something stored may leave out as it is; empty if nothing. */
  default Optional<Finding> lackOf(R created) {
    return Optional.empty();
  }

  /** The spec as a manifest shows it; never a secret. */
  ObjectNode specOf(R resource);
}
