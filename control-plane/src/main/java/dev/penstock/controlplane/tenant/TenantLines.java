package dev.penstock.controlplane.tenant;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Where tenants stand in the tree, without reading all of it. In a transaction it sees what that
 * has written.
 */
@Singleton
public class TenantLines {

  /** {@code UNION} forgets what it has seen, so even a cycle ends. */
  private static final String UP =
      """
      WITH RECURSIVE line AS (
        SELECT name, parent FROM policy.tenant WHERE name = ANY (?)
        UNION
        SELECT t.name, t.parent FROM policy.tenant t JOIN line ON t.name = line.parent)
      SELECT name FROM line\
      """;

  private static final String DOWN =
      """
      WITH RECURSIVE line AS (
        SELECT name FROM policy.tenant WHERE name = ANY (?)
        UNION
        SELECT t.name FROM policy.tenant t JOIN line ON t.parent = line.name)
      SELECT name FROM line\
      """;

  private static final String BELOW =
      """
      WITH RECURSIVE line AS (
        SELECT name, 0 AS level FROM policy.tenant WHERE name = ?
        UNION ALL
        SELECT t.name, line.level + 1 FROM policy.tenant t JOIN line ON t.parent = line.name)
      SELECT name FROM line WHERE level > 0 ORDER BY level, name\
      """;

  private final DataSource database;

  TenantLines(DataSource database) {
    this.database = database;
  }

  /** A tenant and its ancestors; nothing if there is no such tenant. */
  public Set<String> upFrom(String tenant) {
    return names(UP, Set.of(tenant));
  }

  /** These tenants, as far as they exist, and everything below them. */
  public Set<String> downFrom(Set<String> tenants) {
    return names(DOWN, tenants);
  }

  /**
   * Every tenant below one, each after its parent; of the tree as it was committed, which has no
   * cycle.
   */
  public List<String> below(String tenant) {
    return read(BELOW, (connection, select) -> select.setString(1, tenant));
  }

  private Set<String> names(String sql, Set<String> from) {
    return new LinkedHashSet<>(
        read(
            sql,
            (connection, select) ->
                select.setArray(1, connection.createArrayOf("text", from.toArray()))));
  }

  /** Sets what a query asks for. */
  private interface Binding {
    void bind(Connection connection, PreparedStatement select) throws SQLException;
  }

  private List<String> read(String sql, Binding binding) {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      binding.bind(connection, select);
      List<String> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the tenant tree", e);
    }
  }
}
