package dev.penstock.controlplane.enrolment;

import static dev.penstock.controlplane.enrolment.JoinTokenRows.utc;

import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditRows;
import dev.penstock.controlplane.database.Transactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every certificate that a node was given or has shown, and who may no longer use which.
 *
 * <p>A certificate is refused where it was revoked, and where its node is barred: revoking a node
 * does both, so that neither what it holds nor what another authority gives it afterwards counts. A
 * new session asks in the transaction that admits it, so it is never decided from memory; sessions
 * that run are ended by each replica as it hears of a revocation.
 */
@Singleton
public class NodeCertificates {

  /** Where replicas hear of revocations. */
  public static final String CHANNEL = "penstock_node_revoked";

  /** More than renewals need; a node that asks for more is not well, or not a node. */
  static final int MAX_PER_NODE = 16;

  private static final Duration KEPT = Duration.ofDays(90);

  private final Transactions transactions;

  public NodeCertificates(Transactions transactions) {
    this.transactions = transactions;
  }

  /** What no session may go on with. */
  public record Denied(Set<PresentedCertificate.Key> certificates, Set<String> nodes) {
    public Denied {
      certificates = Set.copyOf(certificates);
      nodes = Set.copyOf(nodes);
    }

    /** Whether a session may not go on. */
    public boolean covers(PresentedCertificate certificate) {
      return certificates.contains(certificate.key())
          || nodes.contains(certificate.identity().name());
    }
  }

  /**
   * Whether a certificate that TLS has accepted is refused nevertheless; the sentence is for the
   * node's log. Remembers it where it is another authority's.
   */
  public Optional<String> objection(Connection connection, PresentedCertificate certificate)
      throws SQLException {
    NodeIdentity identity = certificate.identity();
    Optional<Bar> bar = bar(connection, identity.name());
    if (bar.isPresent()) {
      return Optional.of("node %s was revoked at %s".formatted(identity.name(), bar.get().since()));
    }
    insert(connection, certificate, "presented");
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT revoked_at FROM usage.node_certificate WHERE issuer = ? AND serial = ?")) {
      select.setString(1, certificate.issuer());
      select.setString(2, certificate.serial());
      try (ResultSet row = select.executeQuery()) {
        if (row.next() && row.getTimestamp(1) != null) {
          return Optional.of(
              "certificate %s of node %s was revoked at %s"
                  .formatted(
                      certificate.serial(), identity.name(), row.getTimestamp(1).toInstant()));
        }
        return Optional.empty();
      }
    }
  }

  /** Since when a node is barred. */
  record Bar(Instant since) {}

  static Optional<Bar> bar(Connection connection, String node) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT barred_at FROM usage.node_bar WHERE node = ?")) {
      select.setString(1, node);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(new Bar(row.getTimestamp(1).toInstant()))
            : Optional.empty();
      }
    }
  }

  static void liftBar(Connection connection, String node) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM usage.node_bar WHERE node = ?")) {
      delete.setString(1, node);
      delete.executeUpdate();
    }
  }

  /** Remembers a certificate, unless it is known. */
  static void insert(Connection connection, PresentedCertificate certificate, String origin)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO usage.node_certificate
              (issuer, serial, node, region, origin, issued_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (issuer, serial) DO NOTHING\
            """)) {
      insert.setString(1, certificate.issuer());
      insert.setString(2, certificate.serial());
      insert.setString(3, certificate.identity().name());
      insert.setString(4, certificate.identity().region());
      insert.setString(5, origin);
      insert.setObject(6, utc(certificate.issuedAt()));
      insert.setObject(7, utc(certificate.expiresAt()));
      insert.executeUpdate();
    }
  }

  /** A node's certificates that are good now, whoever has issued them. */
  static int valid(Connection connection, String node, Instant now) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT count(*) FROM usage.node_certificate
            WHERE node = ? AND expires_at > ? AND revoked_at IS NULL\
            """)) {
      select.setString(1, node);
      select.setObject(2, utc(now));
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /** The region in which a name is or was in use; empty where it is free. */
  static Optional<String> regionOf(Connection connection, String node) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT region FROM usage.node WHERE name = ?
            UNION ALL
            (SELECT region FROM usage.node_certificate WHERE node = ? ORDER BY expires_at DESC LIMIT 1)
            LIMIT 1\
            """)) {
      select.setString(1, node);
      select.setString(2, node);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /** One decision about a node at a time, whichever replica makes it. */
  public static void lockName(Connection connection, String node) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement(
            "SELECT pg_advisory_xact_lock(hashtext('usage.node'), hashtext(?))")) {
      lock.setString(1, node);
      lock.execute();
    }
  }

  /** What no session may go on with, as of now. */
  public Denied denied() throws SQLException {
    return transactions.inOne(connection -> {
      Set<PresentedCertificate.Key> certificates = new HashSet<>();
      Set<String> nodes = new HashSet<>();
      try (PreparedStatement select =
              connection.prepareStatement(
                  """
                  SELECT issuer, serial FROM usage.node_certificate
                  WHERE revoked_at IS NOT NULL AND expires_at > now()\
                  """);
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          certificates.add(new PresentedCertificate.Key(rows.getString(1), rows.getString(2)));
        }
      }
      try (PreparedStatement select =
              connection.prepareStatement("SELECT node FROM usage.node_bar");
          ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          nodes.add(rows.getString(1));
        }
      }
      return new Denied(certificates, nodes);
    });
  }

  /** A node's certificates, the newest first. */
  List<NodeCertificateView> of(String node) throws SQLException {
    return transactions.inOne(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              """
              SELECT serial, issuer, node, region, origin, issued_at, expires_at, revoked_at,
                revoked_by, revoked_reason
              FROM usage.node_certificate WHERE node = ? ORDER BY issued_at DESC, serial LIMIT 1000\
              """)) {
        select.setString(1, node);
        List<NodeCertificateView> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            found.add(view(rows));
          }
        }
        return found;
      }
    });
  }

  /**
   * Revokes a node: none of its certificates counts from now on, no token that exists lets it in,
   * and its session ends on whichever replica has it. False where nobody knows such a node.
   */
  boolean revoke(String node, String by, String reason, Instant now) throws SQLException {
    return transactions.inOne(connection -> {
      lockName(connection, node);
      Optional<String> region = regionOf(connection, node);
      if (region.isEmpty()) {
        return false;
      }
      markRevoked(connection, node, by, reason, now);
      bar(connection, node, by, reason, now);
      new JoinTokenRows(connection).deleteUnusedOf(node, region.get());
      AuditEvent.Action action = AuditEvent.Action.REVOKE;
      new AuditRows(connection)
          .append(List.of(AuditEvent.deed(now, by, action, "Node " + node, reason)));
      announce(connection, node);
      return true;
    });
  }

  private static void markRevoked(
      Connection connection, String node, String by, String reason, Instant now)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            UPDATE usage.node_certificate SET revoked_at = ?, revoked_by = ?, revoked_reason = ?
            WHERE node = ? AND revoked_at IS NULL\
            """)) {
      update.setObject(1, utc(now));
      update.setString(2, by);
      update.setString(3, reason);
      update.setString(4, node);
      update.executeUpdate();
    }
  }

  private static void bar(Connection connection, String node, String by, String reason, Instant now)
      throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            INSERT INTO usage.node_bar (node, barred_at, barred_by, reason) VALUES (?, ?, ?, ?)
            ON CONFLICT (node) DO UPDATE SET barred_at = excluded.barred_at,
              barred_by = excluded.barred_by, reason = excluded.reason\
            """)) {
      upsert.setString(1, node);
      upsert.setObject(2, utc(now));
      upsert.setString(3, by);
      upsert.setString(4, reason);
      upsert.executeUpdate();
    }
  }

  private static void announce(Connection connection, String node) throws SQLException {
    try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      notify.setString(1, CHANNEL);
      notify.setString(2, node);
      notify.execute();
    }
  }

  @Scheduled(every = "6h", delayed = "15m")
  void forgetOld() throws SQLException {
    Instant before = Instant.now().minus(KEPT);
    transactions.<@Nullable Void>inOne(connection -> {
      new JoinTokenRows(connection).deleteOlderThan(before);
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM usage.node_certificate WHERE expires_at < ?")) {
        delete.setObject(1, utc(before));
        delete.executeUpdate();
      }
      return null;
    });
  }

  private static NodeCertificateView view(ResultSet row) throws SQLException {
    Timestamp revokedAt = row.getTimestamp(8);
    return new NodeCertificateView(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getTimestamp(6).toInstant(),
        row.getTimestamp(7).toInstant(),
        revokedAt == null ? null : revokedAt.toInstant(),
        row.getString(9),
        row.getString(10));
  }
}
