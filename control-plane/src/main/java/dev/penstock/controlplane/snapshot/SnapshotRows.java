package dev.penstock.controlplane.snapshot;

import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotDelta;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of snapshots: what holds for all of a revision, and what it changed. */
final class SnapshotRows {

  private SnapshotRows() {}

  /** What holds for all of a revision. */
  record Head(
      long revision, byte[] digest, byte[] signature, boolean allowMassDelete, long rollbackOf) {

    StoredSnapshot toSnapshot(String region, ResourceTree tree, List<ResourceTree> bases) {
      return new StoredSnapshot(
          region, revision, digest, signature, allowMassDelete, rollbackOf, tree, bases);
    }
  }

  /** What a revision changed in one resource; a payload is absent where the resource is gone. */
  record Changed(
      String key, byte @Nullable [] payload, byte @Nullable [] hash, byte @Nullable [] previous) {}

  static Optional<Head> newest(Connection connection, String region) throws SQLException {
    return newestUpTo(connection, region, Long.MAX_VALUE);
  }

  /** The newest that is not above a revision. */
  static Optional<Head> newestUpTo(Connection connection, String region, long revision)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT revision, digest, signature, allow_mass_delete, rollback_of
            FROM policy.snapshot WHERE region = ? AND revision <= ?
            ORDER BY revision DESC LIMIT 1\
            """)) {
      select.setString(1, region);
      select.setLong(2, revision);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Head(
                    row.getLong(1),
                    row.getBytes(2),
                    row.getBytes(3),
                    row.getBoolean(4),
                    row.getLong(5)))
            : Optional.empty();
      }
    }
  }

  /** All resources of the newest revision. */
  static List<Resource> resources(Connection connection, String region) throws SQLException {
    List<Resource> resources = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT r.key, b.payload
            FROM policy.snapshot_resource r JOIN policy.blob b USING (sha256) WHERE r.region = ?\
            """)) {
      select.setString(1, region);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          resources.add(new Resource(rows.getString(1), rows.getBytes(2)));
        }
      }
    }
    return resources;
  }

  /** Digests of the revisions up to one, the newest first. */
  static Map<Long, byte[]> digests(Connection connection, String region, long upTo)
      throws SQLException {
    Map<Long, byte[]> digests = new LinkedHashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT revision, digest FROM policy.snapshot WHERE region = ? AND revision <= ?
            ORDER BY revision DESC LIMIT ?\
            """)) {
      select.setString(1, region);
      select.setLong(2, upTo);
      select.setInt(3, SnapshotStore.RETAINED_REVISIONS + 1);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          digests.put(rows.getLong(1), rows.getBytes(2));
        }
      }
    }
    return digests;
  }

  /** What the revisions after one and up to another changed, by revision. */
  static TreeMap<Long, List<Changed>> changes(
      Connection connection, String region, long after, long upTo) throws SQLException {
    TreeMap<Long, List<Changed>> changes = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT c.revision, c.key, b.payload, c.sha256, c.previous
            FROM policy.snapshot_change c LEFT JOIN policy.blob b USING (sha256)
            WHERE c.region = ? AND c.revision > ? AND c.revision <= ?\
            """)) {
      select.setString(1, region);
      select.setLong(2, after);
      select.setLong(3, upTo);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          changes
              .computeIfAbsent(rows.getLong(1), revision -> new ArrayList<>())
              .add(
                  new Changed(
                      rows.getString(2), rows.getBytes(3), rows.getBytes(4), rows.getBytes(5)));
        }
      }
    }
    return changes;
  }

  /**
   * What held at a revision of each resource that was changed after it and up to another; without a
   * hash where there was no such resource.
   */
  static List<Changed> before(Connection connection, String region, long revision, long upTo)
      throws SQLException {
    List<Changed> before = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT DISTINCT ON (c.key) c.key, b.payload, c.previous
            FROM policy.snapshot_change c LEFT JOIN policy.blob b ON b.sha256 = c.previous
            WHERE c.region = ? AND c.revision > ? AND c.revision <= ?
            ORDER BY c.key, c.revision\
            """)) {
      select.setString(1, region);
      select.setLong(2, revision);
      select.setLong(3, upTo);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          before.add(new Changed(rows.getString(1), rows.getBytes(2), rows.getBytes(3), null));
        }
      }
    }
    return before;
  }

  /**
   * What the revisions after one and up to another replaced of tenants' policies and keys: each
   * content that was in force before one of them, none where there was no such resource.
   */
  static List<Replaced> replaced(Connection connection, String region, long after, long upTo)
      throws SQLException {
    List<Replaced> replaced = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT c.key, b.payload
            FROM policy.snapshot_change c LEFT JOIN policy.blob b ON b.sha256 = c.previous
            WHERE c.region = ? AND c.revision > ? AND c.revision <= ?
              AND (c.key LIKE 'tenant/%/policy' OR c.key LIKE 'tenant/%/keys/%')\
            """)) {
      select.setString(1, region);
      select.setLong(2, after);
      select.setLong(3, upTo);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          replaced.add(new Replaced(rows.getString(1), Optional.ofNullable(rows.getBytes(2))));
        }
      }
    }
    return replaced;
  }

  /** Adds a revision that changes {@code before} by a delta. */
  static void insert(
      Connection connection, StoredSnapshot snapshot, ResourceTree before, SnapshotDelta delta)
      throws SQLException {
    insertHead(connection, snapshot);
    if (delta.resources().isEmpty() && delta.removed().isEmpty()) {
      return;
    }
    List<String> put = delta.resources().stream().map(Resource::key).toList();
    List<byte[]> hashes = put.stream().map(key -> snapshot.tree().hash(key).orElseThrow()).toList();
    insertBlobs(connection, hashes, delta.resources());
    insertChanges(connection, snapshot, before, put, delta.removed());
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            INSERT INTO policy.snapshot_resource (region, key, sha256)
            SELECT ?, put.key, put.sha256 FROM unnest(?, ?) AS put (key, sha256)
            ON CONFLICT (region, key) DO UPDATE SET sha256 = excluded.sha256\
            """)) {
      upsert.setString(1, snapshot.region());
      upsert.setArray(2, texts(connection, put));
      upsert.setArray(3, bytes(connection, hashes));
      upsert.executeUpdate();
    }
    removeResources(connection, snapshot.region(), delta.removed());
  }

  private static void insertHead(Connection connection, StoredSnapshot snapshot)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO policy.snapshot
              (region, revision, digest, signature, allow_mass_delete, rollback_of)
            VALUES (?, ?, ?, ?, ?, ?)\
            """)) {
      insert.setString(1, snapshot.region());
      insert.setLong(2, snapshot.revision());
      insert.setBytes(3, snapshot.digest());
      insert.setBytes(4, snapshot.signature());
      insert.setBoolean(5, snapshot.allowMassDelete());
      insert.setLong(6, snapshot.rollbackOf());
      insert.executeUpdate();
    }
  }

  private static void insertBlobs(
      Connection connection, List<byte[]> hashes, List<Resource> resources) throws SQLException {
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
  }

  private static void insertChanges(
      Connection connection,
      StoredSnapshot snapshot,
      ResourceTree before,
      List<String> put,
      List<String> removed)
      throws SQLException {
    List<String> keys = Stream.concat(put.stream(), removed.stream()).toList();
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO policy.snapshot_change (region, revision, key, sha256, previous)
            SELECT ?, ?, c.key, c.sha256, c.previous
            FROM unnest(?, ?, ?) AS c (key, sha256, previous)\
            """)) {
      insert.setString(1, snapshot.region());
      insert.setLong(2, snapshot.revision());
      insert.setArray(3, texts(connection, keys));
      insert.setArray(4, bytes(connection, hashes(snapshot.tree(), keys)));
      insert.setArray(5, bytes(connection, hashes(before, keys)));
      insert.executeUpdate();
    }
  }

  private static List<byte @Nullable []> hashes(ResourceTree tree, List<String> keys) {
    List<byte @Nullable []> hashes = new ArrayList<>();
    keys.forEach(key -> hashes.add(tree.hash(key).orElse(null)));
    return hashes;
  }

  private static void removeResources(Connection connection, String region, List<String> keys)
      throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM policy.snapshot_resource WHERE region = ? AND key = ANY (?)")) {
      delete.setString(1, region);
      delete.setArray(2, texts(connection, keys));
      delete.executeUpdate();
    }
  }

  /** Forgets what is left of a region that had no snapshot any more. */
  static void forget(Connection connection, String region) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM policy.snapshot_resource WHERE region = ?")) {
      delete.setString(1, region);
      delete.executeUpdate();
    }
  }

  /** Forgets revisions, and the blobs that only they named. */
  static void prune(Connection connection, long upTo) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            """
            WITH gone AS (
              DELETE FROM policy.snapshot_change WHERE revision <= ? RETURNING previous)
            DELETE FROM policy.blob b
            USING (SELECT DISTINCT previous FROM gone WHERE previous IS NOT NULL) unnamed
            WHERE b.sha256 = unnamed.previous
              AND NOT EXISTS (
                SELECT FROM policy.snapshot_resource r WHERE r.sha256 = b.sha256)
              AND NOT EXISTS (
                SELECT FROM policy.snapshot_change c
                WHERE (c.sha256 = b.sha256 OR c.previous = b.sha256) AND c.revision > ?)\
            """)) {
      delete.setLong(1, upTo);
      delete.setLong(2, upTo);
      delete.executeUpdate();
    }
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM policy.snapshot WHERE revision <= ?")) {
      delete.setLong(1, upTo);
      delete.executeUpdate();
    }
  }

  private static Array texts(Connection connection, List<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }

  private static Array bytes(Connection connection, List<? extends byte @Nullable []> values)
      throws SQLException {
    return connection.createArrayOf("bytea", values.toArray(byte[][]::new));
  }
}
