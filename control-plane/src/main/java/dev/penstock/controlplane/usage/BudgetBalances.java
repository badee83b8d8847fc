package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.identity.Scope;
import dev.penstock.controlplane.ledger.CurrentWindow;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Reads the balances of many budgets at once, by tenant and name. */
@Singleton
class BudgetBalances {

  private static final String BUDGETS =
      """
      WITH RECURSIVE line AS (
        SELECT name, parent, ARRAY[name] AS path, name AS tenant FROM policy.tenant
        WHERE ? OR name = ANY (?)
        UNION ALL
        SELECT t.name, t.parent, t.name || line.path, line.tenant
        FROM policy.tenant t JOIN line ON t.name = line.parent)
      SELECT b.*, line.path FROM policy.budget b
      JOIN line ON line.tenant = b.tenant AND line.parent IS NULL
      WHERE (b.tenant, b.name) > (?, ?)
      ORDER BY b.tenant, b.name LIMIT ?\
      """;

  private final Transactions transactions;

  BudgetBalances(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Budgets of these tenants after a place in the list.
   *
   * @param limit at most so many
   */
  List<BudgetBalance> of(Scope scope, String tenant, String name, int limit) throws SQLException {
    return transactions.inOne(connection -> read(connection, scope, tenant, name, limit));
  }

  private static List<BudgetBalance> read(
      Connection connection, Scope scope, String tenant, String name, int limit)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(BUDGETS)) {
      select.setBoolean(1, scope instanceof Scope.Everything);
      select.setArray(2, connection.createArrayOf("text", names(scope)));
      select.setString(3, tenant);
      select.setString(4, name);
      select.setInt(5, limit);
      Map<UUID, BudgetBalance> byWindow = new LinkedHashMap<>();
      try (ResultSet rows = select.executeQuery()) {
        Instant now = Instant.now();
        while (rows.next()) {
          byWindow.put(CurrentWindow.of(rows, now), BudgetBalance.untouched(rows));
        }
      }
      fill(connection, byWindow);
      return List.copyOf(byWindow.values());
    }
  }

  private static void fill(Connection connection, Map<UUID, BudgetBalance> byWindow)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT *, ledger.held(window_id) AS held FROM ledger.budget_window"
                + " WHERE window_id = ANY (?)")) {
      select.setArray(1, connection.createArrayOf("uuid", byWindow.keySet().toArray()));
      try (ResultSet windows = select.executeQuery()) {
        while (windows.next()) {
          UUID windowId = windows.getObject("window_id", UUID.class);
          byWindow.put(windowId, Objects.requireNonNull(byWindow.get(windowId)).in(windows));
        }
      }
    }
  }

  private static Object[] names(Scope scope) {
    return switch (scope) {
      case Scope.Everything everything -> new Object[0];
      case Scope.Tenants(Set<String> names) -> names.toArray();
    };
  }
}
