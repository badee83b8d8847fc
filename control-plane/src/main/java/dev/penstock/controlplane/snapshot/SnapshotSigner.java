package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.kernel.snapshot.SnapshotSignature;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Signs snapshots with the key whose public half the nodes pin. */
@Singleton
class SnapshotSigner {

  private final PrivateKey key;

  SnapshotSigner(ControlPlaneConfig config) {
    String pem;
    try {
      pem = Files.readString(config.snapshotSigningKey());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the snapshot signing key", e);
    }
    String base64 = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "").replaceAll("\\s", "");
    try {
      byte[] encoded = Base64.getDecoder().decode(base64);
      key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // No cause: its message may quote the file.
      throw new IllegalStateException(
          "the snapshot signing key is not an Ed25519 key in PKCS#8 PEM form");
    }
  }

  byte[] sign(String region, long revision, byte[] digest) {
    return SnapshotSignature.sign(key, region, revision, digest);
  }
}
