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
            FROM (SELECT * FROM policy.snapshot WHERE region = ? ORDER BY revision DESC LIMIT 1) s,
              unnest(s.keys, s.hashes) AS r (key, hash)
              JOIN policy.blob b ON b.sha256 = r.hash
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
    List<byte[]> hashes = new ArrayList<>();
    for (Resource resource : resources) {
      byte[] hash = sha256(resource.payload());
      hashes.add(hash);
      try (PreparedStatement blob =
          connection.prepareStatement(
              "INSERT INTO policy.blob (sha256, payload) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
        blob.setBytes(1, hash);
        blob.setBytes(2, resource.payload());
        blob.executeUpdate();
      }
    }
    try (PreparedStatement snapshot =
        connection.prepareStatement(
            """
            INSERT INTO policy.snapshot
              (region, revision, digest, signature, allow_mass_delete, rollback_of, keys, hashes)
            VALUES (?, ?, ?, ?, false, 0, ?, ?)
            """)) {
      snapshot.setString(1, region);
      snapshot.setLong(2, revision);
      snapshot.setBytes(3, digest);
      snapshot.setBytes(4, signature);
      snapshot.setArray(
          5, connection.createArrayOf("text", resources.stream().map(Resource::key).toArray()));
      snapshot.setArray(6, connection.createArrayOf("bytea", hashes.toArray(new byte[0][])));
      snapshot.executeUpdate();
    }
    notifyPublishers(connection, revision);
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
