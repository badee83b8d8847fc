package dev.penstock.kernel.snapshot;

import java.util.Arrays;
import java.util.Objects;

/**
 * One piece of a snapshot: a stable key and the bytes that belong to it.
 *
 * <p>The bytes are hashed and stored as they came and are never re-serialised (protobuf has no
 * canonical form). They are shared, not copied: nobody changes them.
 */
public record Resource(String key, byte[] payload) {

  public Resource {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(payload, "payload");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Resource(String otherKey, byte[] otherPayload)
        && key.equals(otherKey)
        && Arrays.equals(payload, otherPayload);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    return "Resource[" + key + ", " + payload.length + " bytes]";
  }
}
