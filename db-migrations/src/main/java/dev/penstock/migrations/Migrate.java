package dev.penstock.migrations;

import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;

/** Main: migrates the database that the environment names, then exits. */
public final class Migrate {

  private static final int FAILED = 1;
  private static final int BAD_CONFIGURATION = 78;

  private Migrate() {}

  /** Reads {@code PENSTOCK_DB_URL}, {@code …_ADMIN_USER}, {@code …_ADMIN_PASSWORD}, etc. */
  public static void main(String[] args) {
    String url = required("PENSTOCK_DB_URL");
    String user = required("PENSTOCK_DB_ADMIN_USER");
    String appPassword = required("PENSTOCK_DB_APP_PASSWORD");
    String password = System.getenv("PENSTOCK_DB_ADMIN_PASSWORD"); // absent: the server trusts us
    try {
      Migrations.run(url, user, password == null ? "" : password, appPassword);
    } catch (SQLException | FlywayException e) {
      System.err.println("migrations failed: " + e.getMessage());
      System.exit(FAILED);
    }
  }

  private static String required(String name) {
    String value = System.getenv(name);
    if (value == null || value.isBlank()) {
      System.err.println(name + " is not set (see db-migrations/README.md)");
      System.exit(BAD_CONFIGURATION);
      throw new IllegalStateException("unreachable");
    }
    return value;
  }
}
