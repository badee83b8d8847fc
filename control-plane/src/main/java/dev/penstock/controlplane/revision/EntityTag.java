package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.digest.Sha256;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/**
 * A strong validator (RFC 9110): equal tags, equal resource.
 *
 * @param value without the quotes
 */
public record EntityTag(String value) {

  private static final int BYTES = 18;

  public EntityTag {
    Objects.requireNonNull(value, "value");
  }

  /**
   * Of a resource as it is shown. It needs no column: manifests are written field by field in one
   * order, so equal resources have equal texts.
   *
   * @param hiddenVersion tells states apart that look the same, such as the versions of a secret
   */
  static EntityTag of(ObjectNode manifest, String hiddenVersion) {
    byte[] hash = Sha256.of(manifest + "\0" + hiddenVersion);
    return new EntityTag(
        Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES)));
  }

  /** Of the whole state. */
  static EntityTag ofRevision(long revision) {
    return new EntityTag("revision-" + revision);
  }

  /** As headers carry it. */
  public String header() {
    return '"' + value + '"';
  }
}
