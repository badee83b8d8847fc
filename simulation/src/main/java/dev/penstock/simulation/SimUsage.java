package dev.penstock.simulation;

import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseDecisions;
import dev.penstock.kernel.usage.UsageWatermark;
import dev.penstock.kernel.usage.UsageWatermark.Verdict.Commit;
import dev.penstock.simulation.Message.Sender;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What nodes report of their use, as the database keeps it: each batch is one transaction. */
final class SimUsage {

  private final Books books;
  private final Design design;
  private final Map<UUID, UsageWatermark> watermarks = new HashMap<>();
  private final Map<UUID, Long> booked = new HashMap<>();
  private long duplicates;

  SimUsage(Books books, Design design) {
    this.books = books;
    this.design = design;
  }

  /** Commits records; answers how far the spool is committed. */
  long ingest(Sender sender, long firstSeq, List<SimDisk.Record> records) {
    UUID spool = sender.spoolId();
    UsageWatermark watermark = watermarks.getOrDefault(spool, new UsageWatermark(0));
    if (!(watermark.judge(firstSeq, records.size())
        instanceof Commit(int skip, UsageWatermark next))) {
      return watermark.acked();
    }
    int fresh = design == Design.NO_DEDUPLICATION ? 0 : skip;
    for (int i = fresh; i < records.size(); i++) {
      if (firstSeq + i <= watermark.acked()) {
        duplicates++;
      }
      settle(records.get(i), "%s %d#%d".formatted(spool, firstSeq + i, duplicates));
    }
    watermarks.put(spool, next);
    return next.acked();
  }

  private void settle(SimDisk.Record record, String source) {
    for (String id : record.leaseIds()) {
      LeaseBalance lease = books.lease(UUID.fromString(id));
      books.commit(
          LeaseDecisions.settle(books.window(lease.windowId()), lease, record.cost(), source));
      booked.merge(lease.windowId(), record.cost(), Long::sum);
    }
  }

  long acked(UUID spool) {
    return watermarks.getOrDefault(spool, new UsageWatermark(0)).acked();
  }

  /** Records that were booked again. */
  long duplicates() {
    return duplicates;
  }

  /** What the records of a window cost that are booked. */
  long booked(UUID windowId) {
    return booked.getOrDefault(windowId, 0L);
  }
}
