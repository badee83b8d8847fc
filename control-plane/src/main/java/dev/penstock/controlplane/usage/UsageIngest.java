package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.apikey.KeyUse;
import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditRows;
import dev.penstock.controlplane.audit.UnknownCallers;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.usage.RequestRecord.Charge;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.usage.UsageWatermark;
import dev.penstock.kernel.usage.UsageWatermark.Verdict;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Commits what nodes report, exactly once.
 *
 * <p>One transaction a batch: watermark, records, audit events, money, sums. The watermark is
 * locked first, so batches of one spool follow one another; whatever was committed before is
 * dropped, whatever would leave a gap is refused. If anything fails, nothing happened; if only the
 * answer is lost, the node sends the batch again and gets the same answer.
 */
@Singleton
public class UsageIngest {

  private static final Logger LOG = Logger.getLogger(UsageIngest.class);

  /** How far ahead of ours a node's clock may be; beyond it the time of receipt counts. */
  private static final Duration MAX_SKEW = Duration.ofSeconds(2);

  private final Transactions transactions;
  private final Ledger ledger;
  private final RecordDays days;
  private final InstantSource clock;

  @Inject
  public UsageIngest(Transactions transactions, Ledger ledger, RecordDays days) {
    this(transactions, ledger, days, InstantSource.system());
  }

  UsageIngest(Transactions transactions, Ledger ledger, RecordDays days, InstantSource clock) {
    this.transactions = transactions;
    this.ledger = ledger;
    this.days = days;
    this.clock = clock;
  }

  /**
   * Commits a batch of a node's spool; the answer may be sent as soon as this returns.
   *
   * @param sender who its certificate says: a record that names another is kept aside
   */
  public IngestOutcome ingest(NodeIdentity sender, UsageBatch batch) throws SQLException {
    Instant now = clock.instant();
    days.ensure(LocalDate.ofInstant(now, ZoneOffset.UTC));
    String node = sender.name();
    UsageBatch own =
        new UsageBatch(
            batch.spoolId(),
            batch.firstSeq(),
            batch.entries().stream().map(entry -> believable(entry, sender, now)).toList());
    try {
      return commit(node, own, now);
    } catch (SQLException e) {
      if (!isOfTheData(e)) {
        throw e;
      }
      return oneByOne(node, own, now);
    }
  }

  /** Of what a record says, the node is not believed who it is, nor that it is later than now. */
  private static SpoolEntry believable(SpoolEntry entry, NodeIdentity sender, Instant now) {
    if (!(entry.content() instanceof Content.Request(RequestRecord record))) {
      return entry;
    }
    if (!record.node().equals(sender.name()) || !record.nodeRegion().equals(sender.region())) {
      return entry.toPoison("names another node or region than its session's certificate");
    }
    return record.at().isAfter(now.plus(MAX_SKEW)) ? entry.receivedAt(now) : entry;
  }

  /** Some record is more than the database can take: find it, keep it aside, commit the others. */
  private IngestOutcome oneByOne(String node, UsageBatch batch, Instant now) throws SQLException {
    IngestOutcome last =
        commit(node, new UsageBatch(batch.spoolId(), batch.firstSeq(), List.of()), now);
    for (SpoolEntry entry : batch.entries()) {
      if (last instanceof IngestOutcome.Missing) {
        return last;
      }
      try {
        last = commit(node, batch.only(entry), now);
      } catch (SQLException e) {
        if (!isOfTheData(e)) {
          throw e;
        }
        last = keepAside(node, batch, entry, now, "refused by the database: " + e.getSQLState());
      }
    }
    return last;
  }

  /** Its money counts all the same, unless just that is what the database refuses. */
  private IngestOutcome keepAside(
      String node, UsageBatch batch, SpoolEntry entry, Instant now, String reason)
      throws SQLException {
    try {
      return commit(node, batch.only(entry.toPoison(reason)), now);
    } catch (SQLException e) {
      if (!isOfTheData(e)) {
        throw e;
      }
      return commit(node, batch.only(entry.toUnchargedPoison(reason)), now);
    }
  }

  private IngestOutcome commit(String node, UsageBatch batch, Instant now) throws SQLException {
    return transactions.inOne(connection -> commit(connection, node, batch, now));
  }

  private IngestOutcome commit(Connection connection, String node, UsageBatch batch, Instant now)
      throws SQLException {
    UsageRows rows = new UsageRows(connection);
    Optional<Long> acked = rows.lockWatermark(batch.spoolId(), node);
    if (acked.isEmpty()) {
      throw new SQLException("spool " + batch.spoolId() + " is not known as one of node " + node);
    }
    UsageWatermark watermark = new UsageWatermark(acked.get());
    return switch (watermark.judge(batch.firstSeq(), batch.entries().size())) {
      case Verdict.Missing(long expected) -> new IngestOutcome.Missing(expected);
      case Verdict.Commit(int skip, UsageWatermark next) -> {
        List<SpoolEntry> fresh = batch.entries().subList(skip, batch.entries().size());
        if (!fresh.isEmpty()) {
          store(connection, node, batch.spoolId(), fresh, now);
          rows.advance(batch.spoolId(), next.acked());
        }
        yield new IngestOutcome.Committed(next.acked());
      }
    };
  }

  private void store(
      Connection connection, String node, UUID spoolId, List<SpoolEntry> fresh, Instant now)
      throws SQLException {
    List<SpoolEntry> entries =
        AliasedCallers.named(connection, withoutForeignCharges(connection, spoolId, fresh));
    Map<Long, RequestRecord> requests = new TreeMap<>();
    Map<UUID, Long> costs = new TreeMap<>();
    Map<String, Instant> keyUses = new TreeMap<>();
    SpendSums sums = new SpendSums();
    for (SpoolEntry entry : entries) {
      entry
          .content()
          .charges()
          .forEach(charge -> costs.merge(charge.leaseId(), charge.costNanoUsd(), Math::addExact));
      switch (entry.content()) {
        case Content.Request(RequestRecord record) -> {
          requests.put(entry.seq(), record);
          if (!record.caller().apiKeyId().isEmpty()) {
            keyUses.merge(record.caller().apiKeyId(), record.at(), UsageIngest::later);
          }
          sums.add(record, now);
        }
        case Content.Gap gap ->
            LOG.warnf("node %s lost %d bytes of its spool: %s", node, gap.bytes(), gap.reason());
        case Content.Poison poison ->
            LOG.warnf(
                "record %d of spool %s (node %s) is kept aside: %s",
                entry.seq(), spoolId, node, poison.reason());
      }
    }
    UsageRows rows = new UsageRows(connection);
    rows.insertRequests(LocalDate.ofInstant(now, ZoneOffset.UTC), spoolId, requests);
    tellOfDenials(connection, node, requests.values(), now);
    rows.insertGaps(spoolId, node, entries);
    rows.insertPoison(spoolId, node, entries);
    ledger.settle(connection, spoolId, entries.getFirst().seq(), entries.getLast().seq(), costs);
    rows.addSums(sums);
    KeyUse.note(connection, keyUses);
  }

  /** An event for each, of callers whom somebody knows; the others are counted. */
  private static void tellOfDenials(
      Connection connection, String node, Collection<RequestRecord> requests, Instant now)
      throws SQLException {
    Map<Boolean, List<AuditEvent>> byUnknown =
        DeniedExchanges.of(requests).stream()
            .collect(Collectors.partitioningBy(AuditEvent::isOfUnknown));
    new AuditRows(connection).append(byUnknown.getOrDefault(false, List.of()));
    UnknownCallers.count(connection, node, byUnknown.getOrDefault(true, List.of()), now);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** A record that charges a lease which is not its spool's is kept aside: nothing is charged. */
  private List<SpoolEntry> withoutForeignCharges(
      Connection connection, UUID spoolId, List<SpoolEntry> entries) throws SQLException {
    Set<UUID> charged = new HashSet<>();
    for (SpoolEntry entry : entries) {
      charged.addAll(leases(entry));
    }
    Set<UUID> known = ledger.known(connection, spoolId, charged);
    List<SpoolEntry> sound = new ArrayList<>(entries.size());
    for (SpoolEntry entry : entries) {
      sound.add(
          known.containsAll(leases(entry))
              ? entry
              : entry.toUnchargedPoison("charges a lease that is not this spool's"));
    }
    return sound;
  }

  private static Set<UUID> leases(SpoolEntry entry) {
    return entry.content().charges().stream().map(Charge::leaseId).collect(Collectors.toSet());
  }

  /** SQL state classes 22 (value out of range and the like) and 23 (a check failed). */
  private static boolean isOfTheData(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23");
  }
}
