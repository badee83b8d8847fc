package dev.penstock.controlplane.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody is to the platform, or to a tenant and everything below it. */
public enum Role {
  PLATFORM_ADMIN,
  SECRET_CUSTODIAN,
  SECURITY_AUDITOR,
  FINANCE,
  TENANT_ADMIN,
  TENANT_DEVELOPER;

  /** As tokens and manifests write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<Role> ofWord(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }
}
