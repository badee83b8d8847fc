package dev.penstock.controlplane.snapshot;

import java.util.Objects;
import java.util.Optional;

/**
 * What a revision put something else in the place of, or took away.
 *
 * @param key of the resource
 * @param payload what it held before; empty: there was no such resource. Shared, never changed
 */
public record Replaced(String key, Optional<byte[]> payload) {

  public Replaced {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(payload, "payload");
  }
}
