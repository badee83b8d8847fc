package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.ResourceError;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A snapshot that passed: what is served, what it was made of, and for which tenants an older one
 * still counts because this one's resources were bad.
 *
 * @param errors of those tenants; empty if all was well
 */
record AppliedSnapshot(
    ServingSnapshot serving,
    SignedSnapshot source,
    Map<String, SignedSnapshot> keptFrom,
    List<ResourceError> errors) {

  AppliedSnapshot {
    keptFrom = Map.copyOf(keptFrom);
    errors = List.copyOf(errors);
  }

  /** Where a tenant's rules come from. */
  SignedSnapshot sourceOf(String tenant) {
    return keptFrom.getOrDefault(tenant, source);
  }

  /** What has to be stored so that a restart comes to the same result, oldest first. */
  List<SignedSnapshot> sources() {
    return Stream.concat(keptFrom.values().stream(), Stream.of(source))
        .distinct()
        .sorted(Comparator.comparingLong(SignedSnapshot::revision))
        .toList();
  }
}
