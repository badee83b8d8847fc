package dev.penstock.controlplane.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** UUIDs of version 5: the same name gives the same id, in every replica and on every retry. */
final class NameUuid {

  private static final UUID NAMESPACE = UUID.fromString("6f0b7a0e-3c5d-5f6a-9f3e-2d1f0c9b8a77");

  private NameUuid() {}

  /** Names a thing by its kind and what tells it apart from its like. */
  static UUID of(String kind, Object... parts) {
    StringBuilder name = new StringBuilder(kind);
    for (Object part : parts) {
      name.append('|').append(part);
    }
    return of(name.toString());
  }

  /** Names a thing by a text that is the same for it alone. */
  static UUID of(String name) {
    MessageDigest sha1 = sha1();
    sha1.update(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(NAMESPACE.getMostSignificantBits())
            .putLong(NAMESPACE.getLeastSignificantBits())
            .array());
    ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
    long high = (hash.getLong() & ~0xF000L) | 0x5000L;
    long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1"); // as version 5 says; nothing secret is at stake
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-1", impossible);
    }
  }
}
