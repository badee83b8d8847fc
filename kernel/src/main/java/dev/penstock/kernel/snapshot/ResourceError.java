package dev.penstock.kernel.snapshot;

import java.util.Objects;

/**
 * Why a resource, or (with an empty key) a whole snapshot, is refused. The message never holds a
 * secret.
 */
public record ResourceError(String resourceKey, Code code, String message) {

  /**
   * Stable codes. A delta that meets {@link #BASE_MISMATCH} or {@link #DIGEST_MISMATCH} is followed
   * by a full snapshot.
   */
  public enum Code {
    BAD_SIGNATURE,
    DIGEST_MISMATCH,
    BASE_MISMATCH,
    STALE_REVISION,
    TOO_LARGE,
    UNPARSABLE,
    UNSUPPORTED,
    UNKNOWN_FEATURE,
    BAD_REFERENCE,
    BAD_VALUE,
    MASS_DELETE
  }

  public ResourceError {
    Objects.requireNonNull(resourceKey, "resourceKey");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
  }
}
