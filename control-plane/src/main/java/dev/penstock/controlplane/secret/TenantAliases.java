package dev.penstock.controlplane.secret;

import dev.penstock.kernel.policy.TenantAlias;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What regions call tenants that may not be there: a keyed hash, whose key no region gets. */
@Singleton
public class TenantAliases implements UnaryOperator<String> {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 10;

  private final SecretKeySpec key;

  TenantAliases(MasterKeys masterKeys) {
    // A key of its own, so that no other use of the master key can be mistaken for this one.
    key = new SecretKeySpec(hmac(masterKeys.primary(), "tenant alias"), ALGORITHM);
  }

  /** The alias of a tenant: always the same for the same first master key. */
  @Override
  public String apply(String tenant) {
    return TenantAlias.of(HexFormat.of().formatHex(hmac(key.getEncoded(), tenant), 0, BYTES));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
    }
  }
}
