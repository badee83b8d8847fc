package dev.penstock.controlplane.enrolment;

import java.time.Instant;
import java.util.Objects;

/**
 * The certificate with which a node has connected, after TLS has verified its chain.
 *
 * @param issuer the authority's distinguished name, RFC 2253
 * @param serial hexadecimal
 */
public record PresentedCertificate(
    NodeIdentity identity, String issuer, String serial, Instant issuedAt, Instant expiresAt) {

  public PresentedCertificate {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(issuer, "issuer");
    Objects.requireNonNull(serial, "serial");
    Objects.requireNonNull(issuedAt, "issuedAt");
    Objects.requireNonNull(expiresAt, "expiresAt");
  }

  /** What tells it from every other certificate. */
  public Key key() {
    return new Key(issuer, serial);
  }

  /** An authority never gives a serial twice. */
  public record Key(String issuer, String serial) {}
}
