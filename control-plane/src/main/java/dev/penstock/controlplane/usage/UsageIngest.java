package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.usage.IngestRounds.Said;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Commits what nodes report, exactly once.
 *
 * <p>Watermark, records, audit events and money of a batch are one transaction, shared with the
 * batches of other spools that came at the same time; sums are added up later ({@link SumDesk}).
 * The watermark is locked first, so batches of one spool follow one another; whatever was committed
 * before is dropped, whatever would leave a gap is refused. If anything fails, nothing happened; if
 * only the answer is lost, the node sends the batch again and gets the same answer.
 */
@Singleton
public class UsageIngest {

  /** How far ahead of ours a node's clock may be; beyond it the time of receipt counts. */
  private static final Duration MAX_SKEW = Duration.ofSeconds(2);

  private final Transactions transactions;
  private final Ledger ledger;
  private final RecordDays days;
  private final InstantSource clock;
  private final KeptAside keptAside;
  private final IngestRounds rounds = new IngestRounds(this::together);

  @Inject
  public UsageIngest(
      Transactions transactions, Ledger ledger, RecordDays days, KeptAside keptAside) {
    this(transactions, ledger, days, keptAside, InstantSource.system());
  }

  UsageIngest(
      Transactions transactions,
      Ledger ledger,
      RecordDays days,
      KeptAside keptAside,
      InstantSource clock) {
    this.transactions = transactions;
    this.ledger = ledger;
    this.days = days;
    this.keptAside = keptAside;
    this.clock = clock;
  }

  /**
   * Commits a batch of a node's spool; the answer may be sent as soon as this returns. Blocks.
   *
   * @param sender who its certificate says: a record that names another is kept aside
   */
  public IngestOutcome ingest(NodeIdentity sender, UsageBatch batch) throws SQLException {
    Instant now = clock.instant();
    days.ensure(LocalDate.ofInstant(now, ZoneOffset.UTC));
    List<SpoolEntry> entries =
        batch.entries().stream().map(entry -> believable(entry, sender, now)).toList();
    Delivery delivery =
        new Delivery(
            sender.name(), new UsageBatch(batch.spoolId(), batch.firstSeq(), entries), now);
    Optional<IngestOutcome> outcome = rounds.commit(delivery);
    return outcome.isPresent() ? outcome.get() : inParts(delivery);
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

  /**
   * Some record may be more than the database can take: finds it by halves, keeps it aside, and
   * commits the others.
   */
  private IngestOutcome inParts(Delivery delivery) throws SQLException {
    UsageBatch batch = delivery.batch();
    try {
      return alone(delivery);
    } catch (SQLException e) {
      if (!DataRefused.is(e) || batch.entries().isEmpty()) {
        throw e;
      }
      if (batch.entries().size() == 1) {
        return keepAside(delivery, "refused by the database: " + e.getSQLState());
      }
    }
    int half = batch.entries().size() / 2;
    IngestOutcome first = inParts(delivery.of(batch.part(0, half)));
    return switch (first) {
      case IngestOutcome.Missing missing -> missing;
      case IngestOutcome.Committed committed ->
          inParts(delivery.of(batch.part(half, batch.entries().size())));
    };
  }

  /** Its money counts all the same, unless just that is what the database refuses. */
  private IngestOutcome keepAside(Delivery delivery, String reason) throws SQLException {
    SpoolEntry entry = delivery.batch().entries().getFirst();
    try {
      return alone(delivery.of(delivery.batch().only(entry.toPoison(reason))));
    } catch (SQLException e) {
      if (!DataRefused.is(e)) {
        throw e;
      }
      return alone(delivery.of(delivery.batch().only(entry.toUnchargedPoison(reason))));
    }
  }

  private IngestOutcome alone(Delivery delivery) throws SQLException {
    Said said = together(List.of(delivery)).get(delivery);
    return Objects.requireNonNull(said, "said").outcome();
  }

  private Map<Delivery, Said> together(List<Delivery> deliveries) throws SQLException {
    IngestRound.Stored stored =
        transactions.inOne(connection -> new IngestRound(connection, ledger).store(deliveries));
    stored.found().forEach(keptAside::tell);
    return stored.said();
  }
}
