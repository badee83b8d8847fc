package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.snapshot.SnapshotRows.Changed;
import dev.penstock.controlplane.snapshot.SnapshotRows.Head;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Keeps compiled snapshots, content-addressed: the bytes of a resource are stored once, whatever
 * regions and revisions they belong to.
 *
 * <p>What a write stores and what a reader loads is the change. Whatever is read is put together
 * and has to have the digest that was stored with it, so a half-seen state cannot come out.
 */
@Singleton
public class SnapshotStore {

  /** The channel on which a committed revision is announced, in decimal digits. */
  public static final String CHANNEL = "penstock_snapshot";

  /** How many revisions are kept for nodes that are behind. */
  public static final int RETAINED_REVISIONS = 32;

  private static final int PRUNE_EVERY = 16;

  /** A reader meets a write in between now and then, not each time. */
  private static final int ATTEMPTS = 5;

  private final DataSource database;
  private final ConcurrentMap<String, StoredSnapshot> newest = new ConcurrentHashMap<>();

  SnapshotStore(DataSource database) {
    this.database = database;
  }

  /** The newest committed snapshot of a region; the same object for as long as it is that. */
  public Optional<StoredSnapshot> latest(String region) {
    try (Connection connection = database.getConnection()) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<Head> head = SnapshotRows.newest(connection, region);
        if (head.isEmpty()) {
          return Optional.empty();
        }
        Optional<StoredSnapshot> found = read(connection, region, head.get());
        if (found.isPresent()) {
          newest.put(region, found.get());
          return found;
        }
      }
      throw new IllegalStateException("the snapshot of region " + region + " is not whole");
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the snapshot of region " + region, e);
    }
  }

  /**
   * An earlier snapshot of a region, for as long as what changed since is kept; empty where there
   * was none, or it is not kept. It is put together from the newest by taking back what changed.
   */
  public Optional<StoredSnapshot> at(String region, long revision) {
    Optional<StoredSnapshot> last = latest(region);
    if (last.isEmpty() || last.get().revision() <= revision) {
      return last;
    }
    try (Connection connection = database.getConnection()) {
      Optional<Head> head = SnapshotRows.newestUpTo(connection, region, revision);
      if (head.isEmpty()) {
        return Optional.empty();
      }
      ResourceTree newest = last.get().tree();
      // What came after it and has gone again is in neither.
      List<Changed> before =
          SnapshotRows.before(connection, region, revision, last.get().revision()).stream()
              .filter(change -> change.hash() != null || newest.hash(change.key()).isPresent())
              .toList();
      ResourceTree tree = changed(newest, before);
      if (!SnapshotDigest.same(tree.digest(), head.get().digest())) {
        return Optional.empty();
      }
      List<ResourceTree> bases =
          last.get().bases().stream()
              .dropWhile(base -> !SnapshotDigest.same(base.digest(), tree.digest()))
              .skip(1)
              .toList();
      return Optional.of(head.get().toSnapshot(region, tree, bases));
    } catch (IllegalArgumentException doesNotFollow) {
      return Optional.empty();
    } catch (SQLException e) {
      throw new IllegalStateException(
          "cannot read the snapshot of region %s at revision %d".formatted(region, revision), e);
    }
  }

  /**
   * Shows what the revisions after one and up to another replaced of tenants' policies and keys,
   * for as long as it is kept: all that a node may have that has any revision between the two.
   */
  public void replaced(String region, long after, long upTo, Consumer<Replaced> each) {
    try (Connection connection = database.getConnection()) {
      // In parts: after a long rollout all of it together may not fit in memory.
      for (long from = after; from < upTo; from += RETAINED_REVISIONS) {
        SnapshotRows.replaced(connection, region, from, Math.min(upTo, from + RETAINED_REVISIONS))
            .forEach(each);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(
          "cannot read what changed in region %s after revision %d".formatted(region, after), e);
    }
  }

  /** The snapshot of a head; empty if what was read is not that, as when a write came between. */
  private Optional<StoredSnapshot> read(Connection connection, String region, Head head)
      throws SQLException {
    StoredSnapshot known = newest.get(region);
    if (known != null
        && known.revision() == head.revision()
        && MessageDigest.isEqual(known.signature(), head.signature())) {
      return Optional.of(known);
    }
    Optional<StoredSnapshot> followed =
        known == null || known.revision() >= head.revision()
            ? Optional.empty()
            : follow(connection, known, head);
    return followed.isPresent() ? followed : whole(connection, region, head);
  }

  /** What is known, with what has changed since. */
  private static Optional<StoredSnapshot> follow(
      Connection connection, StoredSnapshot known, Head head) throws SQLException {
    List<ResourceTree> trees = new ArrayList<>(known.bases().reversed());
    trees.add(known.tree());
    try {
      for (List<Changed> changes :
          SnapshotRows.changes(connection, known.region(), known.revision(), head.revision())
              .values()) {
        trees.add(changed(trees.getLast(), changes));
      }
    } catch (IllegalArgumentException doesNotFollow) {
      return Optional.empty();
    }
    ResourceTree tree = trees.removeLast();
    if (!SnapshotDigest.same(tree.digest(), head.digest())) {
      return Optional.empty();
    }
    List<ResourceTree> bases = trees.reversed().stream().limit(RETAINED_REVISIONS).toList();
    return Optional.of(head.toSnapshot(known.region(), tree, bases));
  }

  private static ResourceTree changed(ResourceTree before, List<Changed> changes) {
    List<Resource> put = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (Changed change : changes) {
      if (change.hash() == null) {
        removed.add(change.key());
      } else if (change.payload() == null) {
        throw new IllegalArgumentException("the content of " + change.key() + " is gone");
      } else {
        put.add(new Resource(change.key(), change.payload()));
      }
    }
    return before.with(put, removed);
  }

  private static Optional<StoredSnapshot> whole(Connection connection, String region, Head head)
      throws SQLException {
    ResourceTree tree = ResourceTree.of(SnapshotRows.resources(connection, region));
    if (!SnapshotDigest.same(tree.digest(), head.digest())) {
      return Optional.empty();
    }
    return Optional.of(
        head.toSnapshot(region, tree, before(connection, region, head.revision(), tree)));
  }

  /**
   * What the revisions before held, by taking back what each changed; of the contents the hashes.
   */
  private static List<ResourceTree> before(
      Connection connection, String region, long revision, ResourceTree newest)
      throws SQLException {
    TreeMap<Long, List<Changed>> changes =
        SnapshotRows.changes(connection, region, revision - RETAINED_REVISIONS, revision);
    List<ResourceTree> bases = new ArrayList<>();
    ResourceTree tree = newest;
    ResourceTree last = newest;
    Iterator<Map.Entry<Long, byte[]>> digests =
        SnapshotRows.digests(connection, region, revision).entrySet().iterator();
    while (digests.hasNext()) {
      Map.Entry<Long, byte[]> at = digests.next();
      if (!SnapshotDigest.same(tree.digest(), at.getValue())) {
        break; // the list of changes does not reach back that far
      }
      if (!SnapshotDigest.same(tree.digest(), last.digest())) {
        bases.add(tree); // a revision that changes nothing in the region is no base of its own
        last = tree;
      }
      Optional<ResourceTree> earlier =
          takenBack(tree, changes.getOrDefault(at.getKey(), List.of()));
      if (earlier.isEmpty()) {
        break;
      }
      tree = earlier.get();
    }
    return bases;
  }

  private static Optional<ResourceTree> takenBack(ResourceTree after, List<Changed> changes) {
    Map<String, byte[]> put = new HashMap<>();
    List<String> removed = new ArrayList<>();
    for (Changed change : changes) {
      if (change.previous() == null) {
        removed.add(change.key());
      } else {
        put.put(change.key(), change.previous());
      }
    }
    try {
      return Optional.of(after.withHashes(put, removed));
    } catch (IllegalArgumentException doesNotFollow) {
      return Optional.empty();
    }
  }

  /**
   * Stores within the caller's transaction; publishers hear of it when that commits.
   *
   * @param kept the oldest revision that nodes are kept at; what has changed since is not forgotten
   */
  void store(StoredSnapshot snapshot, long kept) {
    try (Connection connection = database.getConnection()) {
      Optional<StoredSnapshot> before = latest(snapshot.region());
      if (before.isEmpty()) {
        SnapshotRows.forget(connection, snapshot.region());
      }
      ResourceTree tree = before.map(StoredSnapshot::tree).orElseGet(ResourceTree::empty);
      SnapshotRows.insert(connection, snapshot, tree, tree.deltaTo(snapshot.tree()));
      if (snapshot.revision() % PRUNE_EVERY == 0) {
        SnapshotRows.prune(
            connection, Math.min(snapshot.revision() - RETAINED_REVISIONS, kept - 1));
      }
      announce(connection, snapshot.revision());
    } catch (SQLException e) {
      throw new IllegalStateException("cannot store a snapshot of " + snapshot.region(), e);
    }
  }

  /** Has the publishers of all replicas look, once the transaction of the connection commits. */
  public static void announce(Connection connection, long revision) throws SQLException {
    try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      notify.setString(1, CHANNEL);
      notify.setString(2, Long.toString(revision));
      notify.execute();
    }
  }
}
