package dev.penstock.simulation;

import dev.penstock.kernel.ledger.Account;
import dev.penstock.kernel.ledger.Alignment;
import dev.penstock.kernel.ledger.Decision;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseBalance.Standing;
import dev.penstock.kernel.ledger.Posting;
import dev.penstock.kernel.ledger.Transfer;
import dev.penstock.kernel.ledger.WindowBalance;
import dev.penstock.simulation.Violation.Invariant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The ledger's tables: rows of windows and leases, and the journal of what moved between accounts.
 * Whatever is booked is checked at once, by sums of its own.
 */
final class Books {

  private final Map<UUID, WindowBalance> windows = new TreeMap<>();
  private final Map<UUID, LeaseBalance> leases = new HashMap<>();
  private final Map<UUID, Set<UUID>> openOfWindow = new HashMap<>();
  private final Map<UUID, Long> closedOfWindow = new HashMap<>();
  private final Map<UUID, EnumMap<Account, Long>> entries = new HashMap<>();
  private final Map<UUID, Long> outside = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  /** The window, made if nobody needed it before. */
  WindowBalance open(WindowBalance fresh) {
    return windows.computeIfAbsent(fresh.windowId(), id -> fresh);
  }

  /** The lease, made for whoever names it first. */
  LeaseBalance open(LeaseBalance fresh) {
    if (leases.putIfAbsent(fresh.leaseId(), fresh) == null) {
      openOfWindow.computeIfAbsent(fresh.windowId(), id -> new TreeSet<>()).add(fresh.leaseId());
    }
    return lease(fresh.leaseId());
  }

  LeaseBalance lease(UUID leaseId) {
    LeaseBalance found = leases.get(leaseId);
    if (found == null) {
      throw new IllegalStateException("lease " + leaseId + " is unknown");
    }
    return found;
  }

  boolean knows(UUID leaseId) {
    return leases.containsKey(leaseId);
  }

  WindowBalance window(UUID windowId) {
    WindowBalance found = windows.get(windowId);
    if (found == null) {
      throw new IllegalStateException("window " + windowId + " is unknown");
    }
    return found;
  }

  List<WindowBalance> windows() {
    return List.copyOf(windows.values());
  }

  List<LeaseBalance> leases() {
    return List.copyOf(leases.values());
  }

  /** Leases of a window that are not closed. */
  List<LeaseBalance> openLeases(UUID windowId) {
    return openOfWindow.getOrDefault(windowId, Set.of()).stream().map(this::lease).toList();
  }

  /** Leases that are not closed, of all windows. */
  List<LeaseBalance> openLeases() {
    return openOfWindow.keySet().stream().sorted().flatMap(id -> openLeases(id).stream()).toList();
  }

  boolean hasWindow(UUID windowId) {
    return windows.containsKey(windowId);
  }

  /** Books a decision, as one transaction. */
  void commit(Decision decision) {
    LeaseBalance before = lease(decision.lease().leaseId());
    LeaseBalance after = decision.lease();
    if (after.granted() < before.granted()
        || after.returned() < before.returned()
        || after.settled() < before.settled()
        || after.standing().compareTo(before.standing()) < 0) {
      throw new Violation(Invariant.TOTALS_GROW, before + " becomes " + after);
    }
    book(decision.window(), decision.postings());
    leases.put(after.leaseId(), after);
    check(after);
    if (after.standing() == Standing.CLOSED
        && openOfWindow.getOrDefault(after.windowId(), Set.of()).remove(after.leaseId())) {
      closedOfWindow.merge(after.windowId(), after.settled() + after.presumed(), Long::sum);
    } else if (before.standing() == Standing.CLOSED) {
      closedOfWindow.merge(after.windowId(), after.settled() - before.settled(), Long::sum);
    }
  }

  void commit(Alignment alignment) {
    book(alignment.window(), alignment.postings());
  }

  /** Notes what is wanted back. */
  void recall(LeaseBalance lease) {
    leases.put(lease.leaseId(), lease);
  }

  private void book(WindowBalance window, List<Posting> postings) {
    EnumMap<Account, Long> sums =
        entries.computeIfAbsent(window.windowId(), id -> new EnumMap<>(Account.class));
    for (Posting posting : postings) {
      if (!names.add(posting.name())) {
        throw new Violation(
            Invariant.ROWS_ARE_THEIR_ENTRIES, "two transfers have the name " + posting.name());
      }
      Transfer transfer = posting.transfer();
      sums.merge(transfer.from(), -posting.amount(), Long::sum);
      sums.merge(transfer.to(), posting.amount(), Long::sum);
      posting
          .leaseId()
          .ifPresent(id -> outside.merge(id, withNodes(transfer, posting.amount()), Long::sum));
    }
    windows.put(window.windowId(), window);
    check(window, sums);
  }

  private static long withNodes(Transfer transfer, long amount) {
    return (isWithNodes(transfer.to()) ? amount : 0) - (isWithNodes(transfer.from()) ? amount : 0);
  }

  private static boolean isWithNodes(Account account) {
    return account == Account.LEASED || account == Account.QUARANTINE;
  }

  private static void check(WindowBalance window, Map<Account, Long> sums) {
    boolean same =
        window.limit() == -sums.getOrDefault(Account.LIMIT, 0L)
            && window.available() == sums.getOrDefault(Account.AVAILABLE, 0L)
            && window.leased() == sums.getOrDefault(Account.LEASED, 0L)
            && window.quarantined() == sums.getOrDefault(Account.QUARANTINE, 0L)
            && window.spent() == sums.getOrDefault(Account.SPENT, 0L)
            && window.overage() == -sums.getOrDefault(Account.OVERAGE, 0L);
    if (!same) {
      throw new Violation(Invariant.ROWS_ARE_THEIR_ENTRIES, window + ", entries " + sums);
    }
  }

  private void check(LeaseBalance lease) {
    if (lease.rest() != outside.getOrDefault(lease.leaseId(), 0L)) {
      throw new Violation(Invariant.ROWS_ARE_THEIR_ENTRIES, lease + ", entries " + outside);
    }
  }

  /** All windows at once: what is with nodes and spent is within the limit, but for overage. */
  void checkAll() {
    for (WindowBalance window : windows.values()) {
      long withNodes = 0;
      long settled = closedOfWindow.getOrDefault(window.windowId(), 0L);
      for (LeaseBalance lease : openLeases(window.windowId())) {
        withNodes += lease.rest();
        settled += lease.settled() + lease.presumed();
      }
      if (withNodes != window.leased() + window.quarantined()) {
        throw new Violation(Invariant.ROWS_ARE_THEIR_ENTRIES, window + ", with nodes " + withNodes);
      }
      if (withNodes + settled > window.limit()) {
        throw new Violation(
            Invariant.GRANTED_WITHIN_LIMIT,
            "%s, with nodes %d, settled %d".formatted(window, withNodes, settled));
      }
    }
  }
}
