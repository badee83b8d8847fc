package dev.penstock.controlplane.kit;

import dev.penstock.migrations.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A migrated Postgres for tests that need no application around it: one per test run, shared. Tests
 * keep out of each other's way by making their own tenants, budgets and spools.
 */
public final class MigratedPostgres {

  private static final String PASSWORD = "app-password-of-tests";

  private MigratedPostgres() {}

  /** As the application's role. */
  public static DataSource app() {
    return source(Migrations.APP_ROLE, PASSWORD);
  }

  /** As the superuser. */
  public static DataSource admin() {
    return source("postgres", "");
  }

  private static DataSource source(String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(Holder.STARTED.getJdbcUrl("postgres", "postgres"));
    source.setUser(user);
    source.setPassword(password);
    source.setOptions("-c penstock.reads=* -c penstock.writes=*"); // the control plane's own work
    return source;
  }

  private static final class Holder {
    static final EmbeddedPostgres STARTED = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres postgres =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "off")
                .setLocaleConfig("locale", "C")
                .start();
        Migrations.run(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", PASSWORD);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(postgres)));
        return postgres;
      } catch (IOException | SQLException e) {
        throw new IllegalStateException("cannot start the tests' Postgres", e);
      }
    }

    private static void close(EmbeddedPostgres postgres) {
      try {
        postgres.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
