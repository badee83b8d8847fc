package dev.penstock.controlplane.manifest;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where the resources of one kind are kept. All of it runs in the caller's transaction and sees
 * what that has written.
 *
 * @param <R> the resource as a record
 */
public interface Store<R> {

  Kind kind();

  /** All of them, in an order that does not change while they do not. */
  List<R> all();

  Optional<R> find(ResourceRef ref);

  /** Keeps something new; answers what is shown once and never again, if there is such a thing. */
  Optional<String> create(R wanted);

  void update(R stored, R wanted);

  void delete(R stored);

  /** What some tenants own of this kind; nothing where the platform owns it. */
  List<ResourceRef> ownedBy(Collection<String> tenants);

  /** Up to {@code limit} resources in the order of their names, from the first after a name. */
  List<R> page(Optional<String> tenant, String afterName, int limit);
}
