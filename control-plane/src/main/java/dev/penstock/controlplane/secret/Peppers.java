package dev.penstock.controlplane.secret;

import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.controlplane.secret.Envelope.Sealed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;

/**
 * The peppers of the API keys' hashes, by version. All up to the wanted version are made when they
 * are first needed; none is ever taken away, because a hash keeps its pepper.
 */
@Singleton
public class Peppers {

  /** Every snapshot carries all of them. */
  static final int MOST = 32;

  private static final int BYTES = 32;
  private static final int FIRST = 1;

  private final SecretRows rows;
  private final Envelope envelope;
  private final int wanted;
  private final SecureRandom random = new SecureRandom();

  @Inject
  Peppers(SecretRows rows, Envelope envelope, ControlPlaneConfig config) {
    this(rows, envelope, config.pepperVersion());
  }

  /**
   * @throws IllegalStateException if there can be no such version
   */
  Peppers(SecretRows rows, Envelope envelope, int wanted) {
    if (wanted < FIRST || wanted > MOST) {
      throw new IllegalStateException(
          "PENSTOCK_PEPPER_VERSION: %d (expected: %d to %d)".formatted(wanted, FIRST, MOST));
    }
    this.rows = rows;
    this.envelope = envelope;
    this.wanted = wanted;
  }

  /**
   * All peppers; there is at least one. The highest version is the one for new keys: another
   * replica may want a higher one than this.
   */
  public TreeMap<Integer, byte[]> all() {
    Map<Integer, Sealed> stored = rows.peppers();
    if (!stored.containsKey(wanted)) {
      for (int version = FIRST; version <= wanted; version++) {
        rows.addPepper(version, envelope.seal(nameOf(version), fresh()));
      }
      stored = rows.peppers(); // perhaps another replica's
    }
    TreeMap<Integer, byte[]> opened = new TreeMap<>();
    stored.forEach(
        (version, sealed) -> opened.put(version, envelope.open(nameOf(version), sealed)));
    return opened;
  }

  private byte[] fresh() {
    byte[] pepper = new byte[BYTES];
    random.nextBytes(pepper);
    return pepper;
  }

  /** What a pepper is sealed under. */
  static String nameOf(int version) {
    return "pepper|" + version;
  }
}
