package dev.penstock.benchmarks.target;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.installation.SecretFiles;
import dev.penstock.cli.postgres.PostgresCluster;
import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.cli.up.Stack;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Ten thousand further tenants in three levels below the quickstart's company, each with ten API
 * keys: a request of one more tenant must not cost more for it.
 */
final class Crowd {
  static final int TENANTS = 10_000;
  static final int KEYS_PER_TENANT = 10;

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Crowd() {}

  /**
   * Fills the database behind the control plane's back, which compiles what it finds at its start.
   */
  static void move(Installation installation, Ports ports, Stack stack) {
    SecretFiles secrets = new SecretFiles(installation);
    String password = secrets.read(secrets.token("db-admin-password"));
    String url =
        new PostgresCluster(
                installation.tools(), installation.postgres(), ports.postgres(), password)
            .url();
    try (Connection connection =
            DriverManager.getConnection(url, PostgresCluster.ADMIN_USER, password);
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO policy.tenant (name, parent)
          SELECT 'crowd-' || t, CASE WHEN t %% 10 = 0 THEN 'acme' ELSE 'crowd-' || (t - t %% 10) END
          FROM generate_series(0, %1$d) t;
          INSERT INTO policy.policy (tenant, allowed_models)
          SELECT 'crowd-' || t, ARRAY['assistant'] FROM generate_series(0, %1$d) t;
          INSERT INTO policy.api_key (key_id, tenant, name, hash, pepper_version, tags, created_at)
          SELECT 'C' || lpad((t * %2$d + k)::text, 9, '0'), 'crowd-' || t, 'app-' || k,
            sha256((t * %2$d + k)::text::bytea), 1, '{"app": "support"}', now()
          FROM generate_series(0, %1$d) t, generate_series(0, %2$d - 1) k\
          """
              .formatted(TENANTS - 1, KEYS_PER_TENANT));
    } catch (SQLException e) {
      throw new IllegalStateException("cannot fill the database", e);
    }
    ManagedProcess controlPlane = stack.process("control-plane");
    controlPlane.stop();
    controlPlane.start();
    controlPlane.awaitReady(PATIENCE);
  }
}
