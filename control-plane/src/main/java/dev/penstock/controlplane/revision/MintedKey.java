package dev.penstock.controlplane.revision;

import java.util.Objects;

/** A new API key: shown to its creator now and to nobody ever again. */
public record MintedKey(String tenant, String name, String key) {

  public MintedKey {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(key, "key");
  }

  @Override
  public String toString() {
    return "MintedKey[" + tenant + "/" + name + "]";
  }
}
