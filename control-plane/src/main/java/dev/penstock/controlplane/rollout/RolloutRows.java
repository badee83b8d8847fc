package dev.penstock.controlplane.rollout;

import dev.penstock.controlplane.rollout.Rollout.Member;
import dev.penstock.controlplane.rollout.Rollout.State;
import dev.penstock.kernel.rollout.Traffic;
import dev.penstock.kernel.rollout.Wave;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rollouts in the database, on the connection of whoever has a transaction. */
final class RolloutRows {

  /** How many are remembered. */
  static final int KEPT = 1000;

  private static final String SELECT =
      """
      SELECT revision, base_revision, author, started_at, state, wave, wave_at, watched_millis,
        reason, ended_at, superseded_by, before_requests, before_denied, before_failed,
        now_requests, now_denied, now_failed
      FROM policy.rollout \
      """;

  private final Connection connection;

  RolloutRows(Connection connection) {
    this.connection = connection;
  }

  /** The one that is under way or stopped, without its members. */
  Optional<Rollout> unfinished() throws SQLException {
    return one("WHERE state IN ('running', 'stopped')");
  }

  /** The same, for the caller's transaction alone to change. */
  Optional<Rollout> lockUnfinished() throws SQLException {
    return withMembers(one("WHERE state IN ('running', 'stopped') FOR UPDATE"));
  }

  /** The one under way, unless somebody else has it at hand. */
  Optional<Rollout> lockRunning() throws SQLException {
    return withMembers(one("WHERE state = 'running' FOR UPDATE SKIP LOCKED"));
  }

  /** The last that began at a revision or before. */
  Optional<Rollout> at(long revision) throws SQLException {
    return one("WHERE revision <= ? ORDER BY revision DESC LIMIT 1", revision);
  }

  Optional<Rollout> find(long revision) throws SQLException {
    return withMembers(one("WHERE revision = ?", revision));
  }

  /** All that are remembered, the newest first, without their members. */
  List<Rollout> all() throws SQLException {
    return list("ORDER BY revision DESC");
  }

  /** The same rollouts with their members. */
  List<Rollout> withMembers(List<Rollout> rollouts) throws SQLException {
    Map<Long, List<Member>> members = members(rollouts.stream().map(Rollout::revision).toList());
    return rollouts.stream()
        .map(rollout -> with(rollout, members.getOrDefault(rollout.revision(), List.of())))
        .toList();
  }

  private Optional<Rollout> one(String where, Object... arguments) throws SQLException {
    return list(where, arguments).stream().findFirst();
  }

  private List<Rollout> list(String where, Object... arguments) throws SQLException {
    List<Rollout> found = new ArrayList<>();
    try (PreparedStatement select = prepare(SELECT + where, arguments);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(read(rows));
      }
    }
    return found;
  }

  private static Rollout read(ResultSet row) throws SQLException {
    long requests = row.getLong(12);
    Optional<Traffic> before =
        row.wasNull()
            ? Optional.empty()
            : Optional.of(new Traffic(requests, row.getLong(13), row.getLong(14)));
    return new Rollout(
        row.getLong(1),
        row.getLong(2),
        row.getString(3),
        instant(row, 4).orElseThrow(),
        State.valueOf(row.getString(5)),
        wave(row.getString(6)),
        instant(row, 7).orElseThrow(),
        Duration.ofMillis(row.getLong(8)),
        row.getString(9),
        instant(row, 10),
        Optional.ofNullable(row.getObject(11, Long.class)),
        before,
        new Traffic(row.getLong(15), row.getLong(16), row.getLong(17)),
        List.of());
  }

  private Optional<Rollout> withMembers(Optional<Rollout> found) throws SQLException {
    return found.isEmpty()
        ? found
        : Optional.of(with(found.get(), members(found.get().revision())));
  }

  private static Rollout with(Rollout r, List<Member> members) {
    return new Rollout(
        r.revision(),
        r.baseRevision(),
        r.author(),
        r.startedAt(),
        r.state(),
        r.wave(),
        r.waveAt(),
        r.watched(),
        r.reason(),
        r.endedAt(),
        r.supersededBy(),
        r.before(),
        r.now(),
        members);
  }

  private List<Member> members(long revision) throws SQLException {
    return members(List.of(revision)).getOrDefault(revision, List.of());
  }

  private Map<Long, List<Member>> members(List<Long> revisions) throws SQLException {
    Map<Long, List<Member>> members = new HashMap<>();
    try (PreparedStatement select =
            prepare(
                """
                SELECT revision, node, region, wave FROM policy.rollout_node
                WHERE revision = ANY (?) ORDER BY node\
                """,
                connection.createArrayOf("bigint", revisions.toArray()));
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        members
            .computeIfAbsent(rows.getLong(1), revision -> new ArrayList<>())
            .add(new Member(rows.getString(2), rows.getString(3), wave(rows.getString(4))));
      }
    }
    return members;
  }

  /** The nodes of a region that may have it. */
  Set<String> released(long revision, String region) throws SQLException {
    return members(revision).stream()
        .filter(member -> member.region().equals(region))
        .map(Member::node)
        .collect(Collectors.toSet());
  }

  /** Begins one at its first wave, and forgets those that are too many. */
  void insert(long revision, long baseRevision, String author, Instant at) throws SQLException {
    update(
        """
        INSERT INTO policy.rollout
          (revision, base_revision, author, started_at, state, wave, wave_at, looked_at)
        VALUES (?, ?, ?, ?, 'running', 'canary', clock_timestamp(), clock_timestamp())\
        """,
        revision,
        baseRevision,
        author,
        at.atOffset(ZoneOffset.UTC));
    update(
        """
        DELETE FROM policy.rollout WHERE revision <=
          (SELECT revision FROM policy.rollout ORDER BY revision DESC OFFSET ? LIMIT 1)\
        """,
        KEPT);
  }

  /** Lets nodes have it; those that may already keep their wave. */
  void release(long revision, Wave wave, Collection<String> nodes) throws SQLException {
    update(
        """
        INSERT INTO policy.rollout_node (revision, node, region, wave)
        SELECT ?, n.name, n.region, ? FROM usage.node n WHERE n.name = ANY (?)
        ON CONFLICT DO NOTHING\
        """,
        revision,
        wave.word(),
        connection.createArrayOf("text", nodes.toArray()));
  }

  /** Gives up those nodes that are no longer among these. */
  void keep(long revision, Collection<String> nodes) throws SQLException {
    update(
        "DELETE FROM policy.rollout_node WHERE revision = ? AND node <> ALL (?)",
        revision,
        connection.createArrayOf("text", nodes.toArray()));
  }

  /** Begins a wave, also one that had stopped. */
  void open(long revision, Wave wave) throws SQLException {
    update(
        """
        UPDATE policy.rollout SET state = 'running', wave = ?, reason = '', watched_millis = 0,
          wave_at = clock_timestamp(), looked_at = clock_timestamp(),
          now_requests = 0, now_denied = 0, now_failed = 0
        WHERE revision = ?\
        """,
        wave.word(),
        revision);
  }

  /**
   * The time up to now counts as watched, though no more of it than somebody can have missed.
   *
   * @return for how long the wave has been watched
   */
  Duration looked(long revision, Duration most) throws SQLException {
    try (PreparedStatement update =
            prepare(
                """
                UPDATE policy.rollout SET looked_at = clock_timestamp(),
                  watched_millis = watched_millis + least(
                    ?, greatest(0, (extract(epoch FROM clock_timestamp() - looked_at) * 1000)::bigint))
                WHERE revision = ? RETURNING watched_millis\
                """,
                most.toMillis(),
                revision);
        ResultSet row = update.executeQuery()) {
      row.next();
      return Duration.ofMillis(row.getLong(1));
    }
  }

  void setBefore(long revision, Traffic before) throws SQLException {
    update(
        """
        UPDATE policy.rollout SET before_requests = ?, before_denied = ?, before_failed = ?
        WHERE revision = ?\
        """,
        before.requests(),
        before.denied(),
        before.failed(),
        revision);
  }

  void setNow(long revision, Traffic now) throws SQLException {
    update(
        """
        UPDATE policy.rollout SET now_requests = ?, now_denied = ?, now_failed = ?
        WHERE revision = ?\
        """,
        now.requests(),
        now.denied(),
        now.failed(),
        revision);
  }

  void stop(long revision, String reason) throws SQLException {
    update(
        "UPDATE policy.rollout SET state = 'stopped', reason = ? WHERE revision = ?",
        reason,
        revision);
  }

  void finish(long revision) throws SQLException {
    update(
        "UPDATE policy.rollout SET state = 'done', ended_at = clock_timestamp() WHERE revision = ?",
        revision);
  }

  void supersede(long revision, long by) throws SQLException {
    update(
        """
        UPDATE policy.rollout SET state = 'superseded', superseded_by = ?,
          ended_at = clock_timestamp()
        WHERE revision = ?\
        """,
        by,
        revision);
  }

  private void update(String sql, Object... arguments) throws SQLException {
    try (PreparedStatement update = prepare(sql, arguments)) {
      update.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  private static Wave wave(String word) {
    return Arrays.stream(Wave.values())
        .filter(wave -> wave.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("unknown wave " + word));
  }

  private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
    @Nullable OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return Optional.ofNullable(at).map(OffsetDateTime::toInstant);
  }
}
