package dev.penstock.controlplane.kit;

import dev.penstock.migrations.Migrations;
import dev.penstock.migrations.kit.TestPostgres;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A migrated Postgres for tests that need no application around it: one per test run, shared. Tests
 * keep out of each other's way by making their own tenants, budgets and spools.
 */
public final class MigratedPostgres {

  private static final String PASSWORD = "app-password-of-tests";

  /** As far as the control plane's own work. */
  private static final String REACH = "-c penstock.reads=* -c penstock.writes=*";

  private MigratedPostgres() {}

  /** As the application's role. */
  public static DataSource app() {
    return source(Migrations.APP_ROLE, PASSWORD);
  }

  /** The same as a JDBC URL with everything in it, for a pool. */
  public static String appUrl() {
    return "%s?user=%s&password=%s&options=%s&reWriteBatchedInserts=true"
        .formatted(
            Holder.STARTED.url(),
            Migrations.APP_ROLE,
            PASSWORD,
            REACH.replace(" ", "%20").replace("=", "%3D").replace("*", "%2A"));
  }

  /** As the superuser. */
  public static DataSource admin() {
    return source(Holder.STARTED.admin(), Holder.STARTED.adminPassword());
  }

  private static DataSource source(String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(Holder.STARTED.url());
    source.setUser(user);
    source.setPassword(password);
    source.setOptions(REACH);
    source.setReWriteBatchedInserts(true);
    return source;
  }

  private static final class Holder {
    static final TestPostgres STARTED = start();

    private static TestPostgres start() {
      try {
        TestPostgres postgres = TestPostgres.start();
        Migrations.run(postgres.url(), postgres.admin(), postgres.adminPassword(), PASSWORD);
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
        return postgres;
      } catch (SQLException e) {
        throw new IllegalStateException("cannot migrate the tests' Postgres", e);
      }
    }
  }
}
