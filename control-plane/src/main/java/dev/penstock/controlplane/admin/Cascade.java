package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.revision.Descent;
import org.jspecify.annotations.Nullable;

/** Reads whether a deletion may take along what belongs to the tenant, and is meant. */
final class Cascade {

  private static final String CASCADE = "cascade";
  private static final String CONFIRM = "confirm";

  private Cascade() {}

  static Descent read(ResourceRef ref, @Nullable String cascade, @Nullable String confirm) {
    if (cascade == null && confirm == null) {
      return Descent.KEEP;
    }
    if (ref.kind() != Kind.TENANT) {
      throw ProblemException.badRequest(
          cascade == null ? CONFIRM : CASCADE, "only a tenant has anything that goes with it");
    }
    if (!"true".equals(cascade)) {
      throw ProblemException.badRequest(CASCADE, "expected true, together with confirm");
    }
    if (!ref.name().equals(confirm)) {
      throw ProblemException.badRequest(
          CONFIRM, "expected the tenant's name, " + ref.name() + ", to show that it is meant");
    }
    return Descent.CASCADE;
  }
}
