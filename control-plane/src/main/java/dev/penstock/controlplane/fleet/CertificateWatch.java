package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.enrolment.NodeCertificates;
import dev.penstock.controlplane.enrolment.NodeCertificates.Denied;
import dev.penstock.controlplane.enrolment.PresentedCertificate;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Ends the sessions of this replica whose certificate no longer counts: revoked, of a revoked node,
 * or over. What TLS has verified at the beginning would hold for as long as the line does.
 */
@Singleton
class CertificateWatch {

  private final Fleet fleet;
  private final NodeCertificates certificates;
  private final InstantSource clock = InstantSource.system();

  CertificateWatch(Fleet fleet, NodeCertificates certificates) {
    this.fleet = fleet;
    this.certificates = certificates;
  }

  /** One look at all of them. */
  void look() throws SQLException {
    if (fleet.isEmpty()) {
      return;
    }
    Denied denied = certificates.denied();
    Instant now = clock.instant();
    fleet.endEach(certificate -> cause(certificate, denied, now));
  }

  private static Optional<EndCause> cause(
      PresentedCertificate certificate, Denied denied, Instant now) {
    if (denied.covers(certificate)) {
      return Optional.of(untrusted(certificate, "was revoked"));
    }
    return certificate.expiresAt().isAfter(now)
        ? Optional.empty()
        : Optional.of(untrusted(certificate, "has expired"));
  }

  private static EndCause untrusted(PresentedCertificate certificate, String fate) {
    return new EndCause(
        EndCause.Kind.UNTRUSTED,
        "certificate %s of node %s %s"
            .formatted(certificate.serial(), certificate.identity().name(), fate));
  }
}
