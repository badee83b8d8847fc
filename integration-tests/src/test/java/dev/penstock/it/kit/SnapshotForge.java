package dev.penstock.it.kit;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.pki.DevelopmentPki;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import dev.penstock.kernel.snapshot.SnapshotSignature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Puts a snapshot of one's own into the store, as somebody could who has the database and the
 * signing key: what only the node's own check can still stop.
 */
public final class SnapshotForge {
  private final Database database;
  private final String region;
  private final PrivateKey key;
  private long goodRevision;

  public SnapshotForge(Database database, Installation installation, String region) {
    this.database = database;
    this.region = region;
    key =
        read(
            new DevelopmentPki(installation.pki(), InstantSource.system())
                .snapshotSigning()
                .privateKey());
  }

  /** The newest revision that is not forged. */
  public long goodRevision() {
    return goodRevision;
  }

  /** Publishes a change of the newest snapshot as the next revision, correctly signed. */
  public void publish(UnaryOperator<List<Resource>> change) {
    publish(change, new byte[0]);
  }

  /**
   * @param signature in place of the right one; empty: the right one
   */
  public void publish(UnaryOperator<List<Resource>> change, byte[] signature) {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      List<Resource> resources = change.apply(newest(connection));
      long revision = nextRevision(connection);
      byte[] digest = SnapshotDigest.of(resources);
      byte[] signed =
          signature.length > 0 ? signature : SnapshotSignature.sign(key, region, revision, digest);
      insert(connection, revision, digest, signed, resources);
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError("cannot forge a snapshot", e);
    }
  }

  private static long nextRevision(Connection connection) throws SQLException {
    try (PreparedStatement next =
            connection.prepareStatement(
                """
                WITH head AS (UPDATE policy.head SET revision = revision + 1 RETURNING revision)
                INSERT INTO policy.revision (revision, author, at, changes)
                SELECT revision, 'somebody else', now(), '[]' FROM head RETURNING revision
                """);
        ResultSet rows = next.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private List<Resource> newest(Connection connection) throws SQLException {
    List<Resource> resources = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT s.revision, r.key, b.payload
            FROM (SELECT * FROM policy.snapshot WHERE region = ? ORDER BY revision DESC LIMIT 1) s
              JOIN policy.snapshot_resource r ON r.region = s.region
              JOIN policy.blob b ON b.sha256 = r.sha256
            ORDER BY r.key COLLATE "C"
            """)) {
      select.setString(1, region);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          goodRevision = rows.getLong(1);
          resources.add(new Resource(rows.getString(2), rows.getBytes(3)));
        }
      }
    }
    return resources;
  }

  private void insert(
      Connection connection,
      long revision,
      byte[] digest,
      byte[] signature,
      List<Resource> resources)
      throws SQLException {
    try (PreparedStatement snapshot =
        connection.prepareStatement(
            """
            INSERT INTO policy.snapshot
              (region, revision, digest, signature, allow_mass_delete, rollback_of)
            VALUES (?, ?, ?, ?, false, 0)
            """)) {
      snapshot.setString(1, region);
      snapshot.setLong(2, revision);
      snapshot.setBytes(3, digest);
      snapshot.setBytes(4, signature);
      snapshot.executeUpdate();
    }
    replaceResources(connection, resources);
    notifyPublishers(connection, revision);
  }

  /** Without saying what changed: whoever reads finds the whole list, as after lost history. */
  private void replaceResources(Connection connection, List<Resource> resources)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM policy.snapshot_resource WHERE region = ?")) {
      delete.setString(1, region);
      delete.executeUpdate();
    }
    for (Resource resource : resources) {
      byte[] hash = sha256(resource.payload());
      try (PreparedStatement put =
          connection.prepareStatement(
              """
              WITH put AS (
                INSERT INTO policy.blob (sha256, payload) VALUES (?, ?) ON CONFLICT DO NOTHING)
              INSERT INTO policy.snapshot_resource (region, key, sha256) VALUES (?, ?, ?)
              """)) {
        put.setBytes(1, hash);
        put.setBytes(2, resource.payload());
        put.setString(3, region);
        put.setString(4, resource.key());
        put.setBytes(5, hash);
        put.executeUpdate();
      }
    }
  }

  private static void notifyPublishers(Connection connection, long revision) throws SQLException {
    try (PreparedStatement notify =
        connection.prepareStatement("SELECT pg_notify('penstock_snapshot', ?)")) {
      notify.setString(1, Long.toString(revision));
      notify.execute();
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("this JDK has no SHA-256", e);
    }
  }

  private static PrivateKey read(java.nio.file.Path pem) {
    try {
      String base64 = Files.readString(pem).replaceAll("-----[A-Z ]+-----|\\s", "");
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + pem, e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("not a signing key: " + pem, e);
    }
  }
}
