package dev.penstock.controlplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.sql.DataSource;

/**
 * Keeps compiled snapshots, content-addressed: the bytes of a resource are stored once, whatever
 * regions and revisions they belong to.
 */
@Singleton
public class SnapshotStore {

  /** The channel on which a committed revision is announced, in decimal digits. */
  public static final String CHANNEL = "penstock_snapshot";

  /** How many revisions are kept for nodes that are behind. */
  public static final int RETAINED_REVISIONS = 32;

  private static final int PRUNE_EVERY = 16;

  private final DataSource database;
  private final ConcurrentMap<String, StoredSnapshot> newest = new ConcurrentHashMap<>();

  SnapshotStore(DataSource database) {
    this.database = database;
  }

  /** The newest committed snapshot of a region; the same object for as long as it is that. */
  public Optional<StoredSnapshot> latest(String region) {
    try (Connection connection = database.getConnection()) {
      Optional<Row> row = newestRow(connection, region);
      if (row.isEmpty()) {
        return Optional.empty();
      }
      StoredSnapshot known = newest.get(region);
      if (known != null
          && known.revision() == row.get().revision()
          && MessageDigest.isEqual(known.signature(), row.get().signature())) {
        return Optional.of(known);
      }
      StoredSnapshot loaded = row.get().toSnapshot(region, payloads(connection, row.get()));
      newest.put(region, loaded);
      return Optional.of(loaded);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the snapshot of region " + region, e);
    }
  }

  /** Stores within the caller's transaction; publishers hear of it when that commits. */
  void store(StoredSnapshot snapshot) {
    try (Connection connection = database.getConnection()) {
      List<byte[]> hashes = insertBlobs(connection, snapshot.resources());
      insertSnapshot(connection, snapshot, hashes);
      prune(connection, snapshot.revision());
      announce(connection, snapshot.revision());
    } catch (SQLException e) {
      throw new IllegalStateException("cannot store a snapshot of " + snapshot.region(), e);
    }
  }

  private static List<byte[]> insertBlobs(Connection connection, List<Resource> resources)
      throws SQLException {
    List<byte[]> hashes = new ArrayList<>(resources.size());
    MessageDigest sha256 = sha256();
    for (Resource resource : resources) {
      hashes.add(sha256.digest(resource.payload()));
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO policy.blob (sha256, payload)
            SELECT * FROM unnest(?, ?) ON CONFLICT (sha256) DO NOTHING\
            """)) {
      insert.setArray(1, bytes(connection, hashes));
      insert.setArray(2, bytes(connection, resources.stream().map(Resource::payload).toList()));
      insert.executeUpdate();
    }
    return hashes;
  }

  private static void insertSnapshot(
      Connection connection, StoredSnapshot snapshot, List<byte[]> hashes) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO policy.snapshot
              (region, revision, digest, signature, allow_mass_delete, rollback_of, keys, hashes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
            """)) {
      insert.setString(1, snapshot.region());
      insert.setLong(2, snapshot.revision());
      insert.setBytes(3, snapshot.digest());
      insert.setBytes(4, snapshot.signature());
      insert.setBoolean(5, snapshot.allowMassDelete());
      insert.setLong(6, snapshot.rollbackOf());
      Object[] keys = snapshot.resources().stream().map(Resource::key).toArray();
      insert.setArray(7, connection.createArrayOf("text", keys));
      insert.setArray(8, bytes(connection, hashes));
      insert.executeUpdate();
    }
  }

  /** Blobs that no snapshot names any more go with the last snapshot that named them. */
  private static void prune(Connection connection, long revision) throws SQLException {
    if (revision % PRUNE_EVERY != 0) {
      return; // it reads all hash lists, which a single write should not pay for
    }
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM policy.snapshot WHERE revision <= ?")) {
      delete.setLong(1, revision - RETAINED_REVISIONS);
      delete.executeUpdate();
    }
    try (PreparedStatement delete =
        connection.prepareStatement(
            """
            DELETE FROM policy.blob b WHERE NOT EXISTS (
              SELECT FROM (SELECT DISTINCT unnest(hashes) AS sha256 FROM policy.snapshot) used
              WHERE used.sha256 = b.sha256)\
            """)) {
      delete.executeUpdate();
    }
  }

  private static void announce(Connection connection, long revision) throws SQLException {
    try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      notify.setString(1, CHANNEL);
      notify.setString(2, Long.toString(revision));
      notify.execute();
    }
  }

  private static Optional<Row> newestRow(Connection connection, String region) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT revision, digest, signature, allow_mass_delete, rollback_of, keys, hashes
            FROM policy.snapshot WHERE region = ? ORDER BY revision DESC LIMIT 1\
            """)) {
      select.setString(1, region);
      try (ResultSet rows = select.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new Row(
                rows.getLong("revision"),
                rows.getBytes("digest"),
                rows.getBytes("signature"),
                rows.getBoolean("allow_mass_delete"),
                rows.getLong("rollback_of"),
                List.of((String[]) rows.getArray("keys").getArray()),
                List.of((byte[][]) rows.getArray("hashes").getArray())));
      }
    }
  }

  private static Map<String, byte[]> payloads(Connection connection, Row row) throws SQLException {
    Map<String, byte[]> byHash = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT sha256, payload FROM policy.blob WHERE sha256 = ANY (?)")) {
      select.setArray(1, bytes(connection, row.hashes()));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          byHash.put(HexFormat.of().formatHex(rows.getBytes(1)), rows.getBytes(2));
        }
      }
    }
    return byHash;
  }

  private static Array bytes(Connection connection, List<byte[]> values) throws SQLException {
    return connection.createArrayOf("bytea", values.toArray(byte[][]::new));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  private record Row(
      long revision,
      byte[] digest,
      byte[] signature,
      boolean allowMassDelete,
      long rollbackOf,
      List<String> keys,
      List<byte[]> hashes) {

    StoredSnapshot toSnapshot(String region, Map<String, byte[]> payloads) {
      List<Resource> resources = new ArrayList<>(keys.size());
      for (int i = 0; i < keys.size(); i++) {
        String hash = HexFormat.of().formatHex(hashes.get(i));
        resources.add(
            new Resource(keys.get(i), Objects.requireNonNull(payloads.get(hash), "blob " + hash)));
      }
      return new StoredSnapshot(
          region, revision, digest, signature, allowMassDelete, rollbackOf, resources);
    }
  }
}
