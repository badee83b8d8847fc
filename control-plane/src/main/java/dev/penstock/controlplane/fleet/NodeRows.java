package dev.penstock.controlplane.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.enrolment.NodeCertificates;
import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.enrolment.PresentedCertificate;
import dev.penstock.controlplane.fleet.Admission.Admitted;
import dev.penstock.controlplane.fleet.Admission.Refused;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The registry of nodes, shared by all replicas of the control plane. A node's row names the one
 * session that speaks for it; another session's notes change nothing.
 */
@Singleton
public class NodeRows {

  /** A node that has been silent for longer is taken for disconnected. */
  public static final Duration SILENCE = Duration.ofSeconds(15);

  private static final Logger LOG = Logger.getLogger(NodeRows.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Transactions transactions;
  private final NodeCertificates certificates;

  public NodeRows(Transactions transactions, NodeCertificates certificates) {
    this.transactions = transactions;
    this.certificates = certificates;
  }

  /** Makes a session the one that speaks for its node, unless a newer incarnation is alive. */
  Admission admit(PresentedCertificate certificate, NodeSaid.Hello hello, UUID sessionId)
      throws SQLException {
    return transactions.inOne(connection -> admit(connection, certificate, hello, sessionId));
  }

  private Admission admit(
      Connection connection, PresentedCertificate certificate, NodeSaid.Hello hello, UUID sessionId)
      throws SQLException {
    NodeIdentity identity = certificate.identity();
    NodeCertificates.lockName(connection, identity.name());
    Optional<String> objection = certificates.objection(connection, certificate);
    if (objection.isPresent()) {
      return new Refused(new EndCause(EndCause.Kind.UNTRUSTED, objection.get()));
    }
    Known known = known(connection, identity.name(), hello);
    if (known.newerIsAlive()) {
      return new Refused(
          new EndCause(EndCause.Kind.REPLACED, "a newer incarnation of this node is connected"));
    }
    Optional<Long> acked = watermark(connection, identity.name(), hello);
    if (acked.isEmpty()) {
      return new Refused(
          new EndCause(EndCause.Kind.NOT_ALLOWED, "the spool belongs to another node"));
    }
    upsert(connection, identity, hello, sessionId);
    return new Admitted(acked.get(), known.nackedDigest());
  }

  private record Known(boolean newerIsAlive, Optional<byte[]> nackedDigest) {}

  private static Known known(Connection connection, String name, NodeSaid.Hello hello)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT session_id IS NOT NULL AND incarnation > ?
                AND last_heartbeat_at > clock_timestamp() - make_interval(secs => ?),
              CASE WHEN build = ? THEN nacked_digest END
            FROM usage.node WHERE name = ? FOR UPDATE\
            """)) {
      select.setLong(1, hello.incarnation());
      select.setLong(2, SILENCE.toSeconds());
      select.setString(3, hello.build());
      select.setString(4, name);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return new Known(false, Optional.empty());
        }
        return new Known(row.getBoolean(1), Optional.ofNullable(row.getBytes(2)));
      }
    }
  }

  /** How far the spool is committed; empty if it is another node's. */
  private static Optional<Long> watermark(Connection connection, String node, NodeSaid.Hello hello)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO usage.usage_stream (spool_id, node) VALUES (?, ?)
            ON CONFLICT (spool_id) DO NOTHING\
            """)) {
      insert.setObject(1, hello.spoolId());
      insert.setString(2, node);
      insert.executeUpdate();
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT node, acked_seq FROM usage.usage_stream WHERE spool_id = ? FOR UPDATE")) {
      select.setObject(1, hello.spoolId());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next() || !row.getString(1).equals(node)) {
          return Optional.empty();
        }
        long acked = row.getLong(2);
        if (hello.ackedSeq() > acked) {
          skipLost(connection, node, hello, acked);
          return Optional.of(hello.ackedSeq());
        }
        return Optional.of(acked);
      }
    }
  }

  /**
   * The node was told that more is committed than the database holds: it was restored from a
   * backup, or is a new one. The node has thrown those records away, so waiting for them would stop
   * its reports for ever; the loss is noted instead.
   */
  private static void skipLost(Connection connection, String node, NodeSaid.Hello hello, long acked)
      throws SQLException {
    LOG.warnf(
        "records %d to %d of spool %s (node %s) were acknowledged and are not in the database",
        acked + 1, hello.ackedSeq(), hello.spoolId(), node);
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO usage.usage_gap (spool_id, seq, node, reason, bytes)
            VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING\
            """)) {
      insert.setObject(1, hello.spoolId());
      insert.setLong(2, acked + 1);
      insert.setString(3, node);
      insert.setString(4, "acknowledged up to " + hello.ackedSeq() + ", not in the database");
      insert.executeUpdate();
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE usage.usage_stream SET acked_seq = ? WHERE spool_id = ?")) {
      update.setLong(1, hello.ackedSeq());
      update.setObject(2, hello.spoolId());
      update.executeUpdate();
    }
  }

  private static void upsert(
      Connection connection, NodeIdentity identity, NodeSaid.Hello hello, UUID sessionId)
      throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            INSERT INTO usage.node AS n (name, region, incarnation, spool_id, build, session_id,
              connected_at, last_heartbeat_at, applied_revision)
            VALUES (?, ?, ?, ?, ?, ?, clock_timestamp(), clock_timestamp(), ?)
            ON CONFLICT (name) DO UPDATE SET
              region = excluded.region, incarnation = excluded.incarnation,
              spool_id = excluded.spool_id, build = excluded.build,
              session_id = excluded.session_id, connected_at = excluded.connected_at,
              last_heartbeat_at = excluded.last_heartbeat_at,
              applied_revision = excluded.applied_revision,
              nacks = CASE WHEN n.build = excluded.build THEN n.nacks ELSE '[]' END,
              nacked_digest = CASE WHEN n.build = excluded.build THEN n.nacked_digest END\
            """)) {
      upsert.setString(1, identity.name());
      upsert.setString(2, identity.region());
      upsert.setLong(3, hello.incarnation());
      upsert.setObject(4, hello.spoolId());
      upsert.setString(5, hello.build());
      upsert.setObject(6, sessionId);
      upsert.setLong(7, hello.appliedRevision());
      upsert.executeUpdate();
    }
  }

  /** Notes a sign of life; false if another session speaks for the node by now. */
  boolean alive(UUID sessionId, NodeSaid.Heartbeat heartbeat) throws SQLException {
    return note(
        """
        UPDATE usage.node SET last_heartbeat_at = clock_timestamp(), applied_revision = ?,
          inflight = ?, spool_bytes = ?, held = ?::jsonb WHERE session_id = ?\
        """,
        heartbeat.appliedRevision(),
        heartbeat.inflight(),
        heartbeat.spoolBytes(),
        json(heartbeat.heldNanoUsd()),
        sessionId);
  }

  /** Notes which revision the node serves. */
  boolean acked(UUID sessionId, long revision) throws SQLException {
    return note(
        """
        UPDATE usage.node SET acked_revision = ?, applied_revision = ?, nacks = '[]',
          nacked_digest = NULL, last_heartbeat_at = clock_timestamp() WHERE session_id = ?\
        """,
        revision,
        revision,
        sessionId);
  }

  /** Notes what the node refused. */
  boolean nacked(UUID sessionId, byte[] digest, List<Nack> nacks) throws SQLException {
    return note(
        """
        UPDATE usage.node SET nacked_digest = ?, nacks = ?::jsonb,
          last_heartbeat_at = clock_timestamp() WHERE session_id = ?\
        """,
        digest,
        json(nacks),
        sessionId);
  }

  /** The session is over; the node's last sign of life stays. */
  boolean left(UUID sessionId) throws SQLException {
    return note("UPDATE usage.node SET session_id = NULL WHERE session_id = ?", sessionId);
  }

  /** How many nodes have a session, by region. */
  Map<String, Integer> connectedByRegion() throws SQLException {
    return transactions.inOne(connection -> {
      try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT region, count(*) FROM usage.node WHERE session_id IS NOT NULL GROUP BY region");
          ResultSet rows = select.executeQuery()) {
        Map<String, Integer> counted = new HashMap<>();
        while (rows.next()) {
          counted.put(rows.getString(1), rows.getInt(2));
        }
        return counted;
      }
    });
  }

  /** How far a spool is committed. */
  long ackedSeq(UUID spoolId) throws SQLException {
    return transactions.inOne(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT acked_seq FROM usage.usage_stream WHERE spool_id = ?")) {
        select.setObject(1, spoolId);
        try (ResultSet row = select.executeQuery()) {
          return row.next() ? row.getLong(1) : 0L;
        }
      }
    });
  }

  private boolean note(String sql, Object... arguments) throws SQLException {
    return transactions.inOne(connection -> {
      try (PreparedStatement update = connection.prepareStatement(sql)) {
        for (int i = 0; i < arguments.length; i++) {
          update.setObject(i + 1, arguments[i]);
        }
        return update.executeUpdate() > 0;
      }
    });
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("records of texts are JSON", e);
    }
  }
}
