package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A program of a tenant that asks with tokens of the identity provider. A node finds it by a hash
 * of its client's id, so that a region in which the tenant may not be can refuse the program with
 * the right reason and holds neither name.
 *
 * @param clientHash SHA-256 of the id of its client at the identity provider, 64 hexadecimal digits
 * @param tenant whose it is, or the alias of that
 * @param name within its tenant; empty under an alias
 */
public record ServiceAccount(String clientHash, String tenant, String name) implements Principal {

  private static final int HASH_DIGITS = 64;

  public ServiceAccount {
    Objects.requireNonNull(clientHash, "clientHash");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
  }

  @Override
  public String id() {
    return clientHash;
  }

  @Override
  public Set<String> models() {
    return Set.of();
  }

  @Override
  public Map<String, String> tags() {
    return Map.of();
  }

  /** What finds the program behind a client. */
  public static String hashOf(String clientId) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(clientId.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every platform has SHA-256", impossible);
    }
  }

  /** Whether the hash can be one. */
  boolean isSound() {
    return clientHash.length() == HASH_DIGITS;
  }

  static Map<String, ServiceAccount> byClientHash(Collection<TenantPolicy> tenants) {
    Map<String, ServiceAccount> accounts = new HashMap<>();
    for (TenantPolicy tenant : tenants) {
      tenant.serviceAccounts().forEach(account -> accounts.put(account.clientHash(), account));
    }
    return accounts;
  }
}
