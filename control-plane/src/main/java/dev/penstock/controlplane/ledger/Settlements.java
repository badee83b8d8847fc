package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseDecisions;
import dev.penstock.kernel.ledger.WindowBalance;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Charges leases of many spools and windows at once: all rows are locked, then everything is
 * decided, then everything is booked, each with one statement.
 *
 * <p>Windows are locked before the first lease, and in the one order in which windows are locked:
 * whoever charged several spools' leases after one another would else go back and forth between
 * windows, and wait in a circle with others who do.
 */
final class Settlements {

  /** SQL state of a value that is out of range. */
  private static final String OUT_OF_RANGE = "22003";

  private final LedgerRows rows;
  private final Map<UUID, Charged> charged = new TreeMap<>();

  /** What a lease is charged, nano-USD, and for what. */
  private record Charged(long cost, String source) {}

  private Settlements(LedgerRows rows) {
    this.rows = rows;
  }

  /** Of each, what leases of its own spool are charged; others are passed over. */
  static void book(LedgerRows rows, List<Settling> all) throws SQLException {
    Set<UUID> leaseIds = new HashSet<>();
    all.forEach(each -> leaseIds.addAll(each.costs().keySet()));
    if (leaseIds.isEmpty()) {
      return;
    }
    Map<UUID, LeaseBalance> leases = new HashMap<>();
    rows.leases().find(leaseIds).forEach(lease -> leases.put(lease.leaseId(), lease));
    Settlements settlements = new Settlements(rows);
    TreeSet<UUID> windows = new TreeSet<>();
    for (Settling settling : all) {
      settling
          .costs()
          .forEach((leaseId, cost) -> {
            LeaseBalance lease = leases.get(leaseId);
            if (lease != null && lease.spoolId().equals(settling.spoolId())) {
              windows.add(lease.windowId());
              settlements.charge(leaseId, new Charged(cost, settling.source()));
            }
          });
    }
    settlements.book(windows);
  }

  private void charge(UUID leaseId, Charged charge) {
    if (charged.put(leaseId, charge) != null) {
      throw new IllegalArgumentException("lease " + leaseId + " is charged twice at once");
    }
  }

  private void book(TreeSet<UUID> windowIds) throws SQLException {
    Map<UUID, WindowBalance> windows = new HashMap<>();
    for (BudgetWindow window : rows.lockWindows(windowIds)) {
      windows.put(window.windowId(), window.balance());
    }
    List<Booking> bookings = new ArrayList<>();
    for (LeaseBalance lease : rows.leases().lock(charged.keySet())) {
      Booking booking = decide(windows, lease);
      windows.put(lease.windowId(), booking.decision().window());
      bookings.add(booking);
    }
    if (bookings.size() != charged.size()) {
      throw new SQLException(
          "%d leases are charged, but %d are there".formatted(charged.size(), bookings.size()));
    }
    rows.book(bookings);
  }

  /** A cost that no balance can hold is refused as the database would refuse it. */
  private Booking decide(Map<UUID, WindowBalance> windows, LeaseBalance lease) throws SQLException {
    WindowBalance window =
        Objects.requireNonNull(windows.get(lease.windowId()), "window of the lease");
    Charged charge = Objects.requireNonNull(charged.get(lease.leaseId()), "charge of the lease");
    try {
      return new Booking(
          lease,
          window.pendingCut(),
          LeaseDecisions.settle(window, lease, charge.cost(), charge.source()),
          charge.source());
    } catch (IllegalArgumentException beyond) {
      throw new SQLException(beyond.getMessage(), OUT_OF_RANGE, beyond);
    }
  }
}
