package dev.penstock.controlplane.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The value of a secret. It is compared in constant time and never printed. */
public final class SecretValue {

  /** Stands for a value that a manifest leaves as it is; no value is empty. */
  static final String KEPT = "";

  private final byte[] bytes;

  SecretValue(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public static SecretValue of(String text) {
    return new SecretValue(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it is not stated: what is stored is to stay. */
  boolean isKept() {
    return bytes.length == 0;
  }

  /** A copy of the value, for sealing. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretValue value && MessageDigest.isEqual(bytes, value.bytes);
  }

  @Override
  public int hashCode() {
    return 0; // nothing about the value; secrets are no keys of maps
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
