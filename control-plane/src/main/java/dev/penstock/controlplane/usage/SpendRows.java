package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads rows of spend; not longer than a database that also takes in usage can bear. */
@Singleton
class SpendRows {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TOOK_TOO_LONG = "57014";

  /** Rows that are fetched at a time, so that a file of any length fits in memory. */
  private static final int AT_A_TIME = 1_000;

  private final Transactions transactions;

  SpendRows(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Takes one row after the other. */
  interface Sink {
    void take(SpendRow row);
  }

  /** The rows of a page, and one more where there is another page. */
  List<SpendRow> page(SpendQuery query, Scope scope) throws SQLException {
    List<SpendRow> rows = new ArrayList<>();
    read(query, scope, rows::add);
    return rows;
  }

  /**
   * Hands every row to a sink while it reads.
   *
   * @throws ProblemException where the database would work for longer than it may
   */
  void read(SpendQuery query, Scope scope, Sink sink) throws SQLException {
    try {
      transactions.inOne(connection -> read(connection, query, scope, sink));
    } catch (SQLException e) {
      if (TOOK_TOO_LONG.equals(e.getSQLState())) {
        throw ProblemException.badRequest(
            "from",
            "it takes longer than %d s to add this up: ask for less time, longer steps or fewer labels"
                .formatted(PATIENCE.toSeconds()));
      }
      throw e;
    }
  }

  private static boolean read(Connection connection, SpendQuery query, Scope scope, Sink sink)
      throws SQLException {
    try (Statement limit = connection.createStatement()) {
      limit.execute("SET LOCAL statement_timeout = " + PATIENCE.toMillis());
    }
    try (PreparedStatement select = SpendSql.of(query, scope).prepare(connection)) {
      select.setFetchSize(AT_A_TIME);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          sink.take(SpendRow.of(rows, query.groupBy()));
        }
      }
    }
    return true;
  }
}
