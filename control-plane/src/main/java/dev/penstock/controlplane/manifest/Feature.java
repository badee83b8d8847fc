package dev.penstock.controlplane.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;

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

  /** The spec as a manifest shows it; never a secret. */
  ObjectNode specOf(R resource);
}
