package dev.penstock.controlplane.enrolment;

import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditRows;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.enrolment.Enrolled.Refused;
import dev.penstock.controlplane.enrolment.Enrolled.Why;
import dev.penstock.controlplane.enrolment.IssuingAuthority.Issued;
import dev.penstock.controlplane.enrolment.ServiceAccountReview.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Decides whether a node gets a certificate. Blocks: it asks the database.
 *
 * <p>Order of a first certificate: what costs nothing, then the proof, then the request (a stranger
 * does not reach the parser), then, in one transaction, who may have the name and the use of the
 * token. A refusal in there takes everything back, also the use of the token.
 */
@Singleton
public class Enrolment {

  private static final Logger LOG = Logger.getLogger(Enrolment.class);
  private static final String REFUSED = "penstock.enrolment.refused";
  private static final String ISSUED = "penstock.enrolment.issued";

  private final IssuingAuthority authority;
  private final JoinTokens tokens;
  private final ServiceAccountReview reviews;
  private final NodeCertificates certificates;
  private final Transactions transactions;
  private final MeterRegistry meters;
  private final InstantSource clock = InstantSource.system();

  Enrolment(
      IssuingAuthority authority,
      JoinTokens tokens,
      ServiceAccountReview reviews,
      NodeCertificates certificates,
      Transactions transactions,
      MeterRegistry meters) {
    this.authority = authority;
    this.tokens = tokens;
    this.reviews = reviews;
    this.certificates = certificates;
    this.transactions = transactions;
    this.meters = meters;
  }

  /** A first certificate, for whoever can prove to be a node. */
  public Enrolled enrol(String node, String region, Proof proof, byte[] csr) {
    Optional<NodeIdentity> identity =
        NodeIdentity.ofUri(new NodeIdentity(node, region).uri())
            .filter(read -> read.name().equals(node) && read.region().equals(region));
    return counted(
        "enrolled",
        () -> {
          if (!authority.isSetUp()) {
            return notSetUp();
          }
          if (identity.isEmpty()) {
            return new Refused(
                Why.MALFORMED,
                "node_name, region: expected lower-case letters, digits and dashes, at most 63");
          }
          return switch (proof) {
            case Proof.JoinToken(String text) ->
                withToken(identity.get(), text, csr, clock.instant());
            case Proof.ServiceAccountToken(String text) -> asPod(identity.get(), text, csr);
          };
        });
  }

  private Enrolled withToken(NodeIdentity identity, String text, byte[] csr, Instant now)
      throws SQLException {
    Optional<JoinToken> token = tokens.find(text);
    if (token.isEmpty()) {
      return new Refused(
          Why.NOT_PROVEN, "the join token is unknown: make another (POST /api/v1/join-tokens)");
    }
    Optional<Refused> unfit = unfit(token.get(), identity, now);
    if (unfit.isPresent()) {
      return unfit.get();
    }
    return switch (SigningRequest.read(csr, identity)) {
      case SigningRequest.Unsound(String reason) -> new Refused(Why.MALFORMED, reason);
      case SigningRequest.Sound(PublicKey key) ->
          takenBackIfRefused(connection -> admit(connection, identity, token.get(), key, now));
    };
  }

  /** A pod is the node of its own name, in the region that its service account stands for. */
  private Enrolled asPod(NodeIdentity identity, String text, byte[] csr) throws SQLException {
    if (!reviews.isSetUp()) {
      return new Refused(
          Why.NOT_PROVEN,
          "service accounts do not enrol here: set PENSTOCK_KUBERNETES_SERVICE_ACCOUNTS");
    }
    return switch (reviews.review(text)) {
      case Verdict.Unknown(String sentence) -> new Refused(Why.UNAVAILABLE, sentence);
      case Verdict.Nobody(String sentence) -> new Refused(Why.NOT_PROVEN, sentence);
      case Verdict.Of(String account, String pod) -> {
        if (!reviews.isOf(identity.region(), account) || !pod.equals(identity.name())) {
          yield new Refused(
              Why.NOT_ALLOWED,
              "pod %s of service account %s is not node %s of region %s"
                  .formatted(pod, account, identity.name(), identity.region()));
        }
        yield switch (SigningRequest.read(csr, identity)) {
          case SigningRequest.Unsound(String reason) -> new Refused(Why.MALFORMED, reason);
          case SigningRequest.Sound(PublicKey key) ->
              takenBackIfRefused(connection -> admitPod(connection, identity, account, key));
        };
      }
    };
  }

  private Enrolled admitPod(
      Connection connection, NodeIdentity identity, String account, PublicKey key)
      throws SQLException {
    Instant now = clock.instant();
    NodeCertificates.lockName(connection, identity.name());
    Optional<Refused> notHere = notHere(connection, identity);
    if (notHere.isPresent()) {
      return notHere.get();
    }
    if (NodeCertificates.valid(connection, identity.name(), now) >= NodeCertificates.MAX_PER_NODE) {
      return tooMany(identity);
    }
    return issue(connection, identity, key, "as a pod of service account " + account, now);
  }

  private static Refused tooMany(NodeIdentity identity) {
    return new Refused(
        Why.TOO_OFTEN,
        "node %s has %d certificates that are still good: it renews at half of their life"
            .formatted(identity.name(), NodeCertificates.MAX_PER_NODE));
  }

  private static Optional<Refused> unfit(JoinToken token, NodeIdentity identity, Instant now) {
    if (token.redeemedBy() != null) {
      return Optional.of(used(token.id(), token.redeemedBy()));
    }
    if (!token.expiresAt().isAfter(now)) {
      return Optional.of(
          new Refused(
              Why.NOT_PROVEN,
              "join token %s expired at %s: make another (POST /api/v1/join-tokens)"
                  .formatted(token.id(), token.expiresAt())));
    }
    if (!token.region().equals(identity.region())) {
      return Optional.of(
          new Refused(
              Why.NOT_ALLOWED,
              "join token %s is for region %s, not for %s"
                  .formatted(token.id(), token.region(), identity.region())));
    }
    if (token.node() != null && !token.node().equals(identity.name())) {
      return Optional.of(
          new Refused(
              Why.NOT_ALLOWED,
              "join token %s is for node %s, not for %s"
                  .formatted(token.id(), token.node(), identity.name())));
    }
    return Optional.empty();
  }

  private static Refused used(String id, String by) {
    return new Refused(
        Why.NOT_PROVEN,
        "join token %s was used by node %s: make another (POST /api/v1/join-tokens)"
            .formatted(id, by));
  }

  private Enrolled admit(
      Connection connection, NodeIdentity identity, JoinToken token, PublicKey key, Instant now)
      throws SQLException {
    NodeCertificates.lockName(connection, identity.name());
    Optional<Refused> taken = taken(connection, identity, token, now);
    if (taken.isPresent()) {
      return taken.get();
    }
    if (!new JoinTokenRows(connection).redeem(token.id(), identity.name(), now)) {
      return used(token.id(), "another request");
    }
    return issue(connection, identity, key, "with join token " + token.id(), now);
  }

  private Enrolled issue(
      Connection connection, NodeIdentity identity, PublicKey key, String how, Instant now)
      throws SQLException {
    Issued issued = authority.issue(identity, key, now);
    NodeCertificates.insert(connection, issued.certificate(), "enrolled");
    new AuditRows(connection).append(List.of(joined(issued.certificate(), how, now)));
    return new Enrolled.Issued(issued.chain());
  }

  /** A token that names the node says that this name is meant; any other is for new names only. */
  private static Optional<Refused> taken(
      Connection connection, NodeIdentity identity, JoinToken token, Instant now)
      throws SQLException {
    Optional<Refused> notHere = notHere(connection, identity);
    if (notHere.isPresent() || token.node() != null) {
      return notHere;
    }
    String name = identity.name();
    if (NodeCertificates.valid(connection, name, now) == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Refused(
            Why.NAME_TAKEN,
            "node %s has a certificate already: if it has lost it, %s"
                .formatted(name, remedy(name))));
  }

  /** Whatever the proof: a name stands in one region, and a revoked node stays out. */
  private static Optional<Refused> notHere(Connection connection, NodeIdentity identity)
      throws SQLException {
    String name = identity.name();
    Optional<String> region = NodeCertificates.regionOf(connection, name);
    if (region.isPresent() && !region.get().equals(identity.region())) {
      return Optional.of(
          new Refused(
              Why.NAME_TAKEN,
              "node %s belongs to region %s: give this one another name"
                  .formatted(name, region.get())));
    }
    return NodeCertificates.bar(connection, name).isPresent()
        ? Optional.of(
            new Refused(
                Why.NOT_ALLOWED,
                "node %s was revoked: to let it in again, %s".formatted(name, remedy(name))))
        : Optional.empty();
  }

  private static String remedy(String name) {
    return "make a join token with \"node\": \"%s\"".formatted(name);
  }

  private static AuditEvent joined(PresentedCertificate issued, String how, Instant now) {
    String name = issued.identity().name();
    return AuditEvent.deed(
        now,
        "node " + name,
        AuditEvent.Action.CREATE,
        "NodeCertificate " + name + "/" + issued.serial(),
        how);
  }

  /** The next certificate of a node, for a new key; who it is says the one that it has shown. */
  public Enrolled renew(PresentedCertificate shown, byte[] csr) {
    return counted(
        "renewed",
        () -> {
          if (!authority.isSetUp()) {
            return notSetUp();
          }
          NodeIdentity identity = shown.identity();
          return switch (SigningRequest.read(csr, identity)) {
            case SigningRequest.Unsound(String reason) -> new Refused(Why.MALFORMED, reason);
            case SigningRequest.Sound(PublicKey key) ->
                takenBackIfRefused(connection -> prolong(connection, shown, key));
          };
        });
  }

  private Enrolled prolong(Connection connection, PresentedCertificate shown, PublicKey key)
      throws SQLException {
    NodeIdentity identity = shown.identity();
    Instant now = clock.instant();
    NodeCertificates.lockName(connection, identity.name());
    Optional<String> objection = certificates.objection(connection, shown);
    if (objection.isPresent()) {
      return new Refused(Why.NOT_ALLOWED, objection.get());
    }
    if (NodeCertificates.valid(connection, identity.name(), now) >= NodeCertificates.MAX_PER_NODE) {
      return tooMany(identity);
    }
    Issued issued = authority.issue(identity, key, now);
    NodeCertificates.insert(connection, issued.certificate(), "renewed");
    return new Enrolled.Issued(issued.chain());
  }

  private static Refused notSetUp() {
    return new Refused(
        Why.NOT_SET_UP,
        "this control plane issues no certificates: set PENSTOCK_NODE_CA_CERT and"
            + " PENSTOCK_NODE_CA_KEY, or give the node a certificate");
  }

  private interface Decision {
    Enrolled make(Connection connection) throws SQLException;
  }

  /** Takes the transaction of a refusal back. */
  private static final class TakenBack extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Refused refused;

    TakenBack(Refused refused) {
      super(refused.sentence(), null, false, false);
      this.refused = refused;
    }
  }

  private Enrolled takenBackIfRefused(Decision decision) throws SQLException {
    try {
      return transactions.inOne(connection -> {
        Enrolled made = decision.make(connection);
        if (made instanceof Refused refused) {
          throw new TakenBack(refused);
        }
        return made;
      });
    } catch (TakenBack refused) {
      return refused.refused;
    }
  }

  private interface Step {
    Enrolled run() throws SQLException;
  }

  private Enrolled counted(String origin, Step step) {
    Enrolled outcome;
    try {
      outcome = step.run();
    } catch (SQLException | IllegalStateException e) {
      LOG.warnf("a node cannot be given a certificate: %s", e.getMessage());
      outcome = new Refused(Why.UNAVAILABLE, "the registry of nodes cannot be reached");
    }
    switch (outcome) {
      case Enrolled.Issued issued -> meters.counter(ISSUED, "origin", origin).increment();
      case Refused(Why why, String sentence) ->
          meters.counter(REFUSED, "reason", why.name().toLowerCase(Locale.ROOT)).increment();
    }
    return outcome;
  }
}
