package dev.penstock.migrations;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;

/** Migrates a database; may be repeated, and run by several at once (Flyway holds a lock). */
public final class Migrations {

  /** The role the control plane logs in as. */
  public static final String APP_ROLE = "penstock_app";

  private Migrations() {}

  /**
   * Migrates and gives the application role its password.
   *
   * @param url JDBC URL of an existing database
   * @param user a role that may create roles and schemas
   */
  public static void run(String url, String user, String password, String appPassword)
      throws SQLException {
    Flyway.configure()
        .dataSource(url, user, password)
        .schemas("migrations")
        .locations("classpath:db/migration")
        // Time stamps come from branches, so a lower one may land later.
        .outOfOrder(true)
        .cleanDisabled(true)
        .load()
        .migrate();
    try (Connection connection = DriverManager.getConnection(url, user, password)) {
      // Hashes on this side: the server's statement log never sees the password.
      connection
          .unwrap(PGConnection.class)
          .alterUserPassword(APP_ROLE, appPassword.toCharArray(), "scram-sha-256");
    }
  }
}
