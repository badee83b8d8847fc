package dev.penstock.simulation;

import dev.penstock.kernel.lease.Lease;
import dev.penstock.kernel.lease.LeaseJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/** A node's spool: outlives its processes, unless the disk is lost with one of them. */
final class SimDisk implements LeaseJournal {

  /** What an exchange cost, on each lease that pays for it. */
  record Record(List<String> leaseIds, long cost) {}

  /** An exchange that was opened and has no record yet. */
  record OpenHold(List<String> leaseIds, long worstCase) {}

  final UUID spoolId;
  private final List<Record> records = new ArrayList<>();
  private final Map<Long, OpenHold> open = new LinkedHashMap<>();
  private final Map<String, Lease> leases = new LinkedHashMap<>();
  private final Map<String, Long> consumed = new HashMap<>();
  private final Map<String, Integer> holds = new HashMap<>();

  /** What the control plane has acknowledged, as far as the node knows. */
  long acked;

  SimDisk(UUID spoolId) {
    this.spoolId = spoolId;
  }

  void hold(long request, OpenHold hold) {
    open.put(request, hold);
    hold.leaseIds().forEach(id -> holds.merge(id, 1, Integer::sum));
  }

  /** More is held for an exchange that is open. */
  void extend(long request, long more) {
    open.computeIfPresent(
        request, (id, hold) -> new OpenHold(hold.leaseIds(), hold.worstCase() + more));
  }

  /** Writes the record of an exchange that holds. */
  void settle(long request, long cost) {
    OpenHold hold = open.remove(request);
    if (hold == null) {
      throw new IllegalStateException("request " + request + " does not hold");
    }
    for (String leaseId : hold.leaseIds()) {
      holds.merge(leaseId, -1, Integer::sum);
      consumed.merge(leaseId, cost, Long::sum);
    }
    records.add(new Record(hold.leaseIds(), cost));
  }

  /** A process finds what its predecessor left open: it is charged in full. */
  void recover() {
    new TreeMap<>(open).forEach((request, hold) -> settle(request, hold.worstCase()));
  }

  List<Lease> leases() {
    return leases.values().stream()
        .map(lease ->
            new Lease(
                lease.leaseId(),
                lease.budgetId(),
                lease.granted(),
                lease.returned(),
                consumed.getOrDefault(lease.leaseId(), 0L),
                0,
                lease.state()))
        .toList();
  }

  long lastSeq() {
    return records.size();
  }

  /** Records from a number on. */
  List<Record> from(long firstSeq, int max) {
    int begin = (int) firstSeq - 1;
    return List.copyOf(records.subList(begin, Math.min(records.size(), begin + max)));
  }

  @Override
  public boolean write(Lease lease) {
    leases.put(lease.leaseId(), lease);
    return true;
  }

  @Override
  public boolean forget(Lease lease) {
    leases.remove(lease.leaseId());
    return true;
  }

  @Override
  public OptionalLong finalSeq(String leaseId) {
    return holds.getOrDefault(leaseId, 0) > 0
        ? OptionalLong.empty()
        : OptionalLong.of(records.size());
  }
}
