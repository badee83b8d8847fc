package dev.penstock.dataplane.authenticate;

import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.apikey.KeyHash;
import dev.penstock.kernel.snapshot.KeyTable.Found;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares a key with its stored hash, in constant time. Owned by one event loop, as a {@link
 * KeyHash} may not be shared; hashes are made once per pepper of a snapshot.
 */
public final class ApiKeyCheck {

  private final Map<Integer, KeyHash> hashes = new HashMap<>();
  private @Nullable Map<Integer, byte[]> peppers;

  boolean matches(ServingSnapshot snapshot, Found found, ApiKey key) {
    if (peppers != snapshot.peppers()) {
      hashes.clear();
      peppers = snapshot.peppers();
    }
    KeyHash hash =
        hashes.computeIfAbsent(
            found.pepperVersion(),
            version -> {
              byte[] pepper = snapshot.peppers().get(version);
              return pepper == null ? null : new KeyHash(pepper);
            });
    return hash != null && found.hasHash(hash.of(key));
  }
}
