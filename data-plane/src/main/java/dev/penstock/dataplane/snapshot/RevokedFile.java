package dev.penstock.dataplane.snapshot;

import dev.penstock.dataplane.disk.PrivateFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The revocations that have overtaken the snapshot on disk: a node that starts without its control
 * plane refuses what it refused before. While a rollout comes in waves that is not a moment only.
 */
final class RevokedFile {

  private static final byte[] FORMAT =
      "penstock snapshot.revoked 1\n".getBytes(StandardCharsets.US_ASCII);

  private static final int MAX_BYTES = 16 << 20;

  private final Path file;
  private final NodeKey key;

  RevokedFile(Path dataDir, NodeKey key) {
    file = dataDir.resolve("snapshot.revoked");
    this.key = key;
  }

  /**
   * Stores them in place of those before.
   *
   * @param revokedAt the revision that revokes each key, by the key's id
   */
  void write(Map<String, Long> revokedAt) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(revokedAt.size());
      for (Map.Entry<String, Long> revoked : revokedAt.entrySet()) {
        out.writeUTF(revoked.getKey());
        out.writeLong(revoked.getValue());
      }
    }
    PrivateFiles.replace(file, key.lock(bytes.toByteArray(), FORMAT));
  }

  /**
   * Those that were stored last; none where there is no such file. Empty where there is one that
   * does not say what it did: too large, changed by somebody, or a link.
   */
  Optional<Map<String, Long>> read() {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(Map.of());
    }
    return PrivateFiles.read(file, MAX_BYTES)
        .flatMap(content -> key.unlock(content, FORMAT))
        .flatMap(RevokedFile::decode);
  }

  private static Optional<Map<String, Long>> decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Map<String, Long> revokedAt = new HashMap<>();
      for (int i = in.readInt(); i > 0; i--) {
        revokedAt.put(in.readUTF(), in.readLong());
      }
      return Optional.of(revokedAt);
    } catch (IOException cutOff) {
      return Optional.empty();
    }
  }
}
