package dev.penstock.controlplane.fleet;

import java.util.Objects;

/**
 * Why a node refused a resource.
 *
 * @param resource its key; empty where the whole snapshot is meant
 */
public record Nack(String resource, String code, String reason) {

  public Nack {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(reason, "reason");
  }
}
