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

  private final Transactions transactions;

  SpendRows(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * The rows of a page, and one more where there is another page.
   *
   * @throws ProblemException where the database would work for longer than it may
   */
  List<SpendRow> page(SpendQuery query, Scope scope) throws SQLException {
    try {
      return transactions.inOne(connection -> read(connection, query, scope));
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

  private static List<SpendRow> read(Connection connection, SpendQuery query, Scope scope)
      throws SQLException {
    try (Statement limit = connection.createStatement()) {
      limit.execute("SET LOCAL statement_timeout = " + PATIENCE.toMillis());
    }
    List<SpendRow> found = new ArrayList<>();
    try (PreparedStatement select = SpendSql.of(query, scope).prepare(connection);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(SpendRow.of(rows, query.groupBy()));
      }
    }
    return found;
  }
}
