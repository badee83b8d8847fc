package dev.penstock.controlplane.secret;

import dev.penstock.controlplane.secret.Envelope.Sealed;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

/** The peppers of the API keys' hashes, by version; the first is made when it is first needed. */
@Singleton
public class Peppers {

  private static final int BYTES = 32;
  private static final int FIRST = 1;

  private final SecretRows rows;
  private final Envelope envelope;

  Peppers(SecretRows rows, Envelope envelope) {
    this.rows = rows;
    this.envelope = envelope;
  }

  /** All peppers; there is at least one. The highest version is the one for new keys. */
  public TreeMap<Integer, byte[]> all() {
    Map<Integer, Sealed> stored = rows.peppers();
    if (stored.isEmpty()) {
      byte[] pepper = new byte[BYTES];
      new SecureRandom().nextBytes(pepper);
      rows.addPepper(FIRST, envelope.seal(nameOf(FIRST), pepper));
      stored = rows.peppers(); // perhaps another replica's
    }
    TreeMap<Integer, byte[]> opened = new TreeMap<>();
    stored.forEach(
        (version, sealed) -> opened.put(version, envelope.open(nameOf(version), sealed)));
    return opened;
  }

  /** What a pepper is sealed under. */
  static String nameOf(int version) {
    return "pepper|" + version;
  }
}
