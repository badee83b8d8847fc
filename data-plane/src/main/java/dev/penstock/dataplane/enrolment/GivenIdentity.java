package dev.penstock.dataplane.enrolment;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Files that somebody else keeps fresh; they are read anew for every connection. */
public final class GivenIdentity implements Identity {

  private final Path certificates;
  private final Path key;

  public GivenIdentity(Path certificates, Path key) {
    this.certificates = Objects.requireNonNull(certificates, "certificates");
    this.key = Objects.requireNonNull(key, "key");
  }

  @Override
  public Optional<Pem> current() throws IOException {
    return Optional.of(new Pem(Files.readAllBytes(certificates), Files.readAllBytes(key)));
  }

  @Override
  public Optional<Instant> expiresAt() {
    try {
      X509Certificate first =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificates)));
      return Optional.of(first.getNotAfter().toInstant());
    } catch (IOException | CertificateException unreadable) {
      return Optional.empty(); // the next connection says what is wrong with it
    }
  }

  /** Whoever keeps the files has to replace them. */
  @Override
  public void onDistrusted() {}
}
