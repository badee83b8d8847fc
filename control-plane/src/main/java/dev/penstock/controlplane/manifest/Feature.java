package dev.penstock.controlplane.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What one kind of resource can do: be read from a manifest, be stored, be shown.
 *
 * <p>All but {@link #read} and {@link #specOf} run in a transaction. References to other resources
 * are not a feature's business: they are proven over the whole state once everything of a request
 * has been written.
 *
 * @param <R> the resource as a record
 */
public interface Feature<R> {

  Kind kind();

  /** Reads a manifest; what is wrong with it is noted on the spec, and then nobody uses it. */
  R read(ResourceRef ref, Spec spec);

  Optional<R> find(ResourceRef ref);

  /** Whether writing would change nothing. */
  default boolean isSame(R stored, R wanted) {
    return stored.equals(wanted);
  }

  /** Stores something new; answers what is shown once and never again, if there is such a thing. */
  Optional<String> create(R wanted);

  void update(R stored, R wanted);

  void delete(R stored);

  /** Up to {@code limit} resources in the order of their names, from the first after a name. */
  List<R> page(Optional<String> tenant, String afterName, int limit);

  ResourceRef refOf(R resource);

  /** The spec as a manifest shows it; never a secret. */
  ObjectNode specOf(R resource);
}
