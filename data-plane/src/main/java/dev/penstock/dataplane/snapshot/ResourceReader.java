package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import java.util.List;

/** Reads the resources of a snapshot; lives in {@code wire}, which knows the generated types. */
@FunctionalInterface
public interface ResourceReader {

  /**
   * What could be read, and what could not: one error per resource, under its key.
   *
   * @param content without the resources of the errors
   */
  record Read(PolicyContent content, List<ResourceError> errors) {
    public Read {
      errors = List.copyOf(errors);
    }
  }

  Read read(List<Resource> resources);
}
