package dev.penstock.controlplane.secret;

import dev.penstock.kernel.policy.TenantAlias;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** What regions call tenants that may not be there: a keyed hash, whose key no region gets. */
@Singleton
public class TenantAliases implements UnaryOperator<String> {

  private static final int BYTES = 10;

  private final UnaryOperator<byte[]> hash;

  TenantAliases(KeyedHashes hashes) {
    hash = hashes.of("tenant alias");
  }

  /** The alias of a tenant: always the same for the same first master key. */
  @Override
  public String apply(String tenant) {
    byte[] name = tenant.getBytes(StandardCharsets.UTF_8);
    return TenantAlias.of(HexFormat.of().formatHex(hash.apply(name), 0, BYTES));
  }
}
