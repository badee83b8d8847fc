package dev.penstock.dataplane.config;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Where the node's certificate comes from. */
public sealed interface CertificateSource {

  /**
   * Files that somebody else keeps fresh.
   *
   * @param cert PEM; read anew at every connection
   * @param key PKCS#8 PEM
   */
  record Given(Path cert, Path key) implements CertificateSource {
    public Given {
      Objects.requireNonNull(cert, "cert");
      Objects.requireNonNull(key, "key");
    }
  }

  /**
   * The control plane issues it, for one of these; none is needed while the one on the disk is
   * good.
   *
   * @param joinTokenFile need not be there yet
   */
  record Enrolled(
      Optional<String> joinToken,
      Optional<Path> joinTokenFile,
      Optional<Path> serviceAccountTokenFile)
      implements CertificateSource {

    /** Whether there may ever be a proof. */
    public boolean hasProof() {
      return joinToken.isPresent()
          || joinTokenFile.isPresent()
          || serviceAccountTokenFile.isPresent();
    }

    /** Where a person has to put one. */
    public String where() {
      return joinTokenFile
          .or(() -> serviceAccountTokenFile)
          .map(path -> "put one into " + path)
          .orElse("start the node with PENSTOCK_JOIN_TOKEN_FILE");
    }

    @Override
    public String toString() {
      return "Enrolled[" + where() + "]"; // a token is secret
    }
  }
}
