package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.identity.Scope;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the balances of many budgets at once, by tenant and name. */
@Singleton
class BudgetBalances {

  private static final String BALANCES =
      """
      WITH RECURSIVE line AS (
        SELECT name, parent, ARRAY[name] AS path, name AS tenant FROM policy.tenant
        WHERE ? OR name = ANY (?)
        UNION ALL
        SELECT t.name, t.parent, t.name || line.path, line.tenant
        FROM policy.tenant t JOIN line ON t.name = line.parent)
      SELECT b.tenant, b.name, b.mode, line.path, w.starts_at,
        b.scope_api_key, b.scope_subject, b.scope_model, b.scope_provider, b.scope_tag_name, b.scope_tag_value,
        CASE WHEN w.rolling_seconds IS NULL THEN w.ends_at END AS ends_at,
        coalesce(w.limit_nusd, b.amount_nano_usd) AS limit_nusd,
        coalesce(w.available, b.amount_nano_usd) AS available, coalesce(w.leased, 0) AS leased,
        coalesce(w.quarantined, 0) AS quarantined, coalesce(w.spent, 0) AS spent,
        coalesce(w.overage, 0) AS overage
      FROM policy.budget b
      JOIN line ON line.tenant = b.tenant AND line.parent IS NULL
      LEFT JOIN LATERAL (
        SELECT * FROM ledger.budget_window w
        WHERE w.budget_id = b.budget_id AND w.starts_at <= now() AND w.ends_at > now()
        ORDER BY w.starts_at DESC LIMIT 1) w ON true
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
    try (PreparedStatement select = connection.prepareStatement(BALANCES)) {
      select.setBoolean(1, scope instanceof Scope.Everything);
      select.setArray(2, connection.createArrayOf("text", names(scope)));
      select.setString(3, tenant);
      select.setString(4, name);
      select.setInt(5, limit);
      List<BudgetBalance> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(BudgetBalance.of(rows));
        }
      }
      return found;
    }
  }

  private static Object[] names(Scope scope) {
    return switch (scope) {
      case Scope.Everything everything -> new Object[0];
      case Scope.Tenants(Set<String> names) -> names.toArray();
    };
  }
}
