package dev.penstock.controlplane.secret;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * AES-256-GCM envelope (Tink): every value has a data key of its own, which the first master key
 * wraps. Both are bound to the name under which they stand, so that a row copied over another one
 * does not open.
 */
@Singleton
class Envelope {

  private static final int KEY_BYTES = 32;
  private static final AesGcmParameters PARAMETERS = parameters();

  private final Aead primary;
  private final Aead all;
  private final SecureRandom random = new SecureRandom();

  Envelope(MasterKeys masterKeys) {
    primary = aead(List.of(masterKeys.primary()));
    all = aead(masterKeys.all());
  }

  /** What is stored of a value. */
  record Sealed(byte[] wrappedKey, byte[] value) {}

  Sealed seal(String name, byte[] value) {
    byte[] dataKey = new byte[KEY_BYTES];
    random.nextBytes(dataKey);
    try {
      return new Sealed(
          primary.encrypt(dataKey, utf8(name)), aead(List.of(dataKey)).encrypt(value, utf8(name)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has AES-GCM", impossible);
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  byte[] open(String name, Sealed sealed) {
    byte[] dataKey = unwrap(name, sealed.wrappedKey());
    try {
      return aead(List.of(dataKey)).decrypt(sealed.value(), utf8(name));
    } catch (GeneralSecurityException changed) {
      throw doesNotOpen(name, changed);
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  /** The data key wrapped by the first master key; empty if it is already. */
  Optional<byte[]> rewrap(String name, byte[] wrappedKey) {
    if (opens(primary, name, wrappedKey)) {
      return Optional.empty();
    }
    byte[] dataKey = unwrap(name, wrappedKey);
    try {
      return Optional.of(primary.encrypt(dataKey, utf8(name)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has AES-GCM", impossible);
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  private static boolean opens(Aead aead, String name, byte[] wrappedKey) {
    try {
      Arrays.fill(aead.decrypt(wrappedKey, utf8(name)), (byte) 0);
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  private byte[] unwrap(String name, byte[] wrappedKey) {
    try {
      return all.decrypt(wrappedKey, utf8(name));
    } catch (GeneralSecurityException changed) {
      throw doesNotOpen(name, changed);
    }
  }

  private static IllegalStateException doesNotOpen(String name, GeneralSecurityException cause) {
    return new IllegalStateException(
        name.replace('|', '/') + " does not open: another master key, or the row was changed",
        cause);
  }

  /** Encrypts with the first key, decrypts with any: nonce (12), ciphertext, tag (16). */
  @AccessesPartialKey // our keys come as bytes, from a file
  private static Aead aead(List<byte[]> keys) {
    try {
      KeysetHandle.Builder keyset = KeysetHandle.newBuilder();
      for (int i = 0; i < keys.size(); i++) {
        AesGcmKey key =
            AesGcmKey.builder()
                .setParameters(PARAMETERS)
                .setKeyBytes(SecretBytes.copyFrom(keys.get(i), InsecureSecretKeyAccess.get()))
                .build();
        KeysetHandle.Builder.Entry entry = KeysetHandle.importKey(key).withRandomId();
        keyset.addEntry(i == 0 ? entry.makePrimary() : entry);
      }
      return keyset.build().getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a key of 32 bytes is one", impossible);
    }
  }

  private static AesGcmParameters parameters() {
    try {
      AeadConfig.register();
      return AesGcmParameters.builder()
          .setKeySizeBytes(KEY_BYTES)
          .setIvSizeBytes(12)
          .setTagSizeBytes(16)
          .setVariant(AesGcmParameters.Variant.NO_PREFIX)
          .build();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Tink knows AES-256-GCM", impossible);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
