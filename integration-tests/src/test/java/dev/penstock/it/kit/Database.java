package dev.penstock.it.kit;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.installation.SecretFiles;
import dev.penstock.cli.postgres.PostgresCluster;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The database behind the control plane's back, as its administrator. */
public final class Database {
  private final String url;
  private final String password;

  Database(Installation installation, Ports ports) {
    SecretFiles secrets = new SecretFiles(installation);
    password = secrets.read(secrets.token("db-admin-password"));
    url =
        new PostgresCluster(
                installation.tools(), installation.postgres(), ports.postgres(), password)
            .url();
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url, PostgresCluster.ADMIN_USER, password);
  }

  /** The first column of what a query answers, as text. */
  public List<String> texts(String sql, String... parameters) {
    List<String> texts = new ArrayList<>();
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
      }
      return texts;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Every table of Penstock's own schemas, partitions in place of what they are parts of. */
  public List<String> tables() {
    return texts(
        """
        SELECT format('%I.%I', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        """);
  }
}
