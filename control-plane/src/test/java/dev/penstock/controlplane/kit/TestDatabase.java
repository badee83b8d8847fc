package dev.penstock.controlplane.kit;

import dev.penstock.migrations.Migrations;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Objects;

/** The tests' database as its superuser sees it, and the keys of the tests' control plane. */
public final class TestDatabase {

  private TestDatabase() {}

  /** A connection as the superuser; the caller closes it. */
  public static Connection connect() throws SQLException {
    return DriverManager.getConnection(property(ControlPlaneResource.ADMIN_JDBC_URL));
  }

  /** Empties everything that the platform team states; revisions go on counting. */
  public static void reset() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          TRUNCATE policy.rollout, policy.rollout_node, policy.region, policy.tenant, policy.provider, policy.model, policy.deployment,
            policy.price, policy.route, policy.policy, policy.member, policy.budget, policy.rate_limit, policy.guard, policy.api_key, policy.snapshot,
            policy.snapshot_resource, policy.snapshot_change, policy.blob, policy.revision, policy.resource_change,
            policy.idempotency_key, policy.provisioning, secret.secret\
          """);
      statement.execute("DELETE FROM secret.pepper WHERE version > 1"); // the first is the usual
    }
  }

  /** Cuts every connection of the application, as a restart would; answers how many there were. */
  public static int cutConnections() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement cut =
            connection.prepareStatement(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                    + " WHERE usename = ?")) {
      cut.setString(1, Migrations.APP_ROLE);
      try (ResultSet rows = cut.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  /** With what a node verifies snapshots. */
  public static PublicKey snapshotPublicKey() {
    try {
      byte[] encoded = Base64.getDecoder().decode(property(ControlPlaneResource.PUBLIC_KEY));
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The authority that the control plane trusts. */
  public static TestPki pki() {
    return TestPki.open(Path.of(property(ControlPlaneResource.PKI)));
  }

  /** The port of the nodes' sessions. */
  public static int grpcPort() {
    return Integer.parseInt(property(ControlPlaneResource.GRPC_PORT));
  }

  public static byte[] masterKey() {
    return Base64.getDecoder().decode(property(ControlPlaneResource.MASTER_KEY));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }
}
