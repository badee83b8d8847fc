package dev.penstock.controlplane.rollout;

import dev.penstock.kernel.rollout.NodeStanding;
import dev.penstock.kernel.rollout.NodeStanding.Answer;
import dev.penstock.kernel.rollout.Traffic;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What the database knows of nodes and of what became of requests, for a rollout to judge by. */
final class FleetRows {

  /** Of how long ago the requests are that a rollout is held against. */
  static final Duration BEFORE = Duration.ofMinutes(1);

  /** Callers whom nobody knows have no say: else whoever reaches a node could stop any rollout. */
  private static final String COUNT =
      """
      SELECT count(*), count(*) FILTER (WHERE outcome = 'denied'),
        count(*) FILTER (WHERE outcome = 'failed' OR status >= 500)
      FROM usage.request_record WHERE tenant <> '' AND received_on >= ? AND at >= ? \
      """;

  private final Connection connection;

  FleetRows(Connection connection) {
    this.connection = connection;
  }

  /**
   * All nodes, and how they stand to a revision or one that builds on it.
   *
   * @param silence after how long a node that is not heard of counts as away
   */
  List<NodeStanding> standings(long revision, Duration silence) throws SQLException {
    List<NodeStanding> nodes = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT n.name, n.region,
              n.session_id IS NOT NULL
                AND n.last_heartbeat_at > clock_timestamp() - make_interval(secs => ?),
              n.acked_revision >= ?,
              EXISTS (SELECT FROM policy.snapshot s
                WHERE s.region = n.region AND s.revision >= ? AND s.digest = n.nacked_digest)
            FROM usage.node n ORDER BY n.name\
            """)) {
      select.setLong(1, silence.toSeconds());
      select.setLong(2, revision);
      select.setLong(3, revision);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Answer answer =
              rows.getBoolean(5) ? Answer.REFUSED : rows.getBoolean(4) ? Answer.ACKED : Answer.NONE;
          nodes.add(
              new NodeStanding(rows.getString(1), rows.getString(2), rows.getBoolean(3), answer));
        }
      }
    }
    return nodes;
  }

  /** Of requests in the time before a rollout, decided by what was in force then. */
  Traffic before(Rollout rollout) throws SQLException {
    return count(
        rollout.startedAt().minus(BEFORE),
        "AND at < ? AND policy_revision <= ?",
        rollout.startedAt().atOffset(ZoneOffset.UTC),
        rollout.baseRevision());
  }

  /** Of requests that came in this wave and were decided by what it brings. */
  Traffic now(Rollout rollout) throws SQLException {
    return count(rollout.waveAt(), "AND policy_revision >= ?", rollout.revision());
  }

  private Traffic count(Instant from, String further, Object... arguments) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(COUNT + further)) {
      OffsetDateTime begin = from.atOffset(ZoneOffset.UTC);
      // The day on which a record came is ours, its time the node's; a day of slack is enough.
      select.setObject(1, begin.toLocalDate().minusDays(1));
      select.setObject(2, begin);
      for (int i = 0; i < arguments.length; i++) {
        select.setObject(i + 3, arguments[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new Traffic(row.getLong(1), row.getLong(2), row.getLong(3));
      }
    }
  }
}
