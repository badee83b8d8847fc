package dev.penstock.controlplane.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Locks the windows that a transaction is going to charge, all of them before the first, in the one
 * order in which windows are locked: whoever charges several spools' leases after one another would
 * else go back and forth between windows, and wait in a circle with others who do.
 */
public final class WindowLocks {

  private static final String WINDOWS =
      "SELECT DISTINCT window_id FROM ledger.lease WHERE lease_id = ANY (?)";

  /** Of a list of windows, one after the other as it has them. */
  private static final String LOCK =
      """
      SELECT count(*) FROM unnest(?) WITH ORDINALITY AS w (id, place)
      CROSS JOIN LATERAL ledger.lock_window(w.id)\
      """;

  private WindowLocks() {}

  /** Locks the windows of these leases until the transaction ends. */
  public static void ofLeases(Connection connection, Collection<UUID> leaseIds)
      throws SQLException {
    if (leaseIds.isEmpty()) {
      return;
    }
    TreeSet<UUID> windows = new TreeSet<>();
    try (PreparedStatement select = connection.prepareStatement(WINDOWS)) {
      select.setArray(1, uuids(connection, leaseIds));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          windows.add(rows.getObject(1, UUID.class));
        }
      }
    }
    try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
      lock.setArray(1, uuids(connection, List.copyOf(windows)));
      lock.executeQuery().close();
    }
  }

  private static Array uuids(Connection connection, Collection<UUID> ids) throws SQLException {
    return connection.createArrayOf("uuid", ids.toArray());
  }
}
