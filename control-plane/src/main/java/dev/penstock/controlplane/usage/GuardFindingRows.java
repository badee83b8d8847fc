package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Adds up what guards have found, from the decisions in the records of requests. */
@Singleton
class GuardFindingRows {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String TOOK_TOO_LONG = "57014";

  /** By how much a node's clock, of which {@code at} is, may be ahead of ours. */
  private static final Duration AHEAD = Duration.ofDays(1);

  private static final String EXISTS =
      "SELECT EXISTS (SELECT FROM policy.guard WHERE tenant = ? AND name = ?)";

  /** What no record is older than when it is received finds the days; the rest an index. */
  private static final String SELECT =
      """
      SELECT found[2]::int AS detector, found[3] AS rule,
        CASE WHEN found[1] IS NULL THEN 'input' ELSE 'output' END AS side, found[4] AS verdict,
        count(DISTINCT r.id) AS requests, sum(found[5]::bigint) AS finds, count(*) OVER () AS all_rows
      FROM usage.request_record r
        CROSS JOIN LATERAL jsonb_array_elements(r.decisions) AS decision
        CROSS JOIN LATERAL regexp_matches(decision ->> 'reason', ?) AS found
      WHERE r.tenant = ANY (?) AND r.at >= ? AND r.at < ? AND r.received_on >= ?
        AND decision ->> 'step' = 'screen'
      GROUP BY 1, 2, 3, 4 ORDER BY 3, 1, finds DESC, 2, 4 LIMIT ?\
      """;

  /** As nodes write it; names of tenants and guards hold nothing that means more than itself. */
  private static final String REASON =
      "^(answer: )?guard %s/%s detectors\\[([0-9]{1,4})\\] ([^ ]+):"
          + " (would block|would redact|block|redact|flag)[^0-9]* ([0-9]{1,9}), the first at";

  private final Transactions transactions;

  GuardFindingRows(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * @param all how many rows there are, of which these are the first
   */
  record Found(List<GuardFinding> rows, long all) {}

  boolean hasGuard(String tenant, String name) throws SQLException {
    return transactions.inOne(connection -> {
      try (PreparedStatement select = connection.prepareStatement(EXISTS)) {
        select.setString(1, tenant);
        select.setString(2, name);
        try (ResultSet row = select.executeQuery()) {
          return row.next() && row.getBoolean(1);
        }
      }
    });
  }

  /**
   * What a guard has found in the requests of some tenants.
   *
   * @throws ProblemException where the database would work for longer than it may
   */
  Found of(String tenant, String name, Set<String> tenants, Instant from, Instant to, int most)
      throws SQLException {
    try {
      return transactions.inOne(connection -> {
        try (Statement limit = connection.createStatement()) {
          limit.execute("SET LOCAL statement_timeout = " + PATIENCE.toMillis());
        }
        return read(connection, REASON.formatted(tenant, name), tenants, from, to, most);
      });
    } catch (SQLException e) {
      if (TOOK_TOO_LONG.equals(e.getSQLState())) {
        throw ProblemException.badRequest(
            "from",
            "it takes longer than %d s to add this up: ask for less time"
                .formatted(PATIENCE.toSeconds()));
      }
      throw e;
    }
  }

  private static Found read(
      Connection connection, String reason, Set<String> tenants, Instant from, Instant to, int most)
      throws SQLException {
    List<GuardFinding> rows = new ArrayList<>();
    long all = 0;
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setString(1, reason);
      select.setArray(2, connection.createArrayOf("text", tenants.toArray()));
      select.setObject(3, from.atOffset(ZoneOffset.UTC));
      select.setObject(4, to.atOffset(ZoneOffset.UTC));
      select.setObject(5, from.minus(AHEAD).atOffset(ZoneOffset.UTC).toLocalDate());
      select.setInt(6, most);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(
              new GuardFinding(
                  row.getInt("detector"),
                  row.getString("rule"),
                  row.getString("side"),
                  row.getString("verdict"),
                  row.getLong("requests"),
                  row.getLong("finds")));
          all = row.getLong("all_rows");
        }
      }
    }
    return new Found(rows, all);
  }
}
