package dev.penstock.controlplane.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * One manifest of a request.
 *
 * @param path where it stands in the request, such as {@code items[2].}; empty where it is alone
 */
public record Manifest(ResourceRef ref, Spec spec, String path) {

  public static final String API_VERSION = "penstock.dev/v1";

  public Manifest {
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(path, "path");
  }

  /** A manifest whose spec was kept; what is wrong with it is found under the resource's name. */
  public static Manifest kept(ResourceRef ref, ObjectNode spec, Findings findings) {
    return new Manifest(ref, new Spec(spec, ref + " spec", findings), ref + " ");
  }
}
