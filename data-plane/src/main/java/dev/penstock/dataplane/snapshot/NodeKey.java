package dev.penstock.dataplane.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key under which a node keeps its files from casual eyes: 32 random bytes in {@code node.key},
 * readable by the node's user only. AES-256-GCM, a random nonce for each file.
 */
final class NodeKey {

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();

  private NodeKey(byte[] encoded) {
    key = new SecretKeySpec(encoded, "AES");
  }

  /** Reads the key, or makes one; a damaged one is replaced, and what it locked is lost. */
  static NodeKey open(Path file) throws IOException {
    Optional<byte[]> found = read(file);
    if (found.isPresent()) {
      return new NodeKey(found.get());
    }
    byte[] fresh = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(fresh);
    PrivateFiles.replace(file, fresh);
    return new NodeKey(fresh);
  }

  private static Optional<byte[]> read(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    return PrivateFiles.read(file, KEY_BYTES).filter(bytes -> bytes.length == KEY_BYTES);
  }

  byte[] lock(byte[] clear, byte[] purpose) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(clear);
      return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has AES-GCM", impossible);
    }
  }

  /** Empty for anything that was not locked with this key for this purpose. */
  Optional<byte[]> unlock(byte[] locked, byte[] purpose) {
    if (locked.length < NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      byte[] nonce = Arrays.copyOf(locked, NONCE_BYTES);
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, nonce, purpose)
              .doFinal(locked, NONCE_BYTES, locked.length - NONCE_BYTES));
    } catch (GeneralSecurityException changed) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] purpose) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(purpose);
    return cipher;
  }

  /** Files that only the node's user may read; links are never followed. */
  static final class PrivateFiles {

    private PrivateFiles() {}

    /** Empty if it is larger than it may be, a link, or not to be read. */
    static Optional<byte[]> read(Path file, long maxBytes) {
      try (var channel =
          Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
        if (channel.size() > maxBytes) {
          return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
        while (bytes.hasRemaining()) {
          if (channel.read(bytes) < 0) {
            return Optional.empty();
          }
        }
        return Optional.of(bytes.array());
      } catch (IOException unreadable) {
        return Optional.empty();
      }
    }

    /** Writes beside the file, waits for the disk, then takes its place. */
    static void replace(Path file, byte[] content) throws IOException {
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      try (FileChannel channel =
          FileChannel.open(
              fresh,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
