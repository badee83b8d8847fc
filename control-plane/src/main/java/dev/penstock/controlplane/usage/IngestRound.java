package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.apikey.KeyUse;
import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditRows;
import dev.penstock.controlplane.audit.UnknownCallers;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.ledger.Settling;
import dev.penstock.controlplane.usage.IngestRounds.Said;
import dev.penstock.controlplane.usage.RequestRecord.Charge;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.usage.UsageWatermark;
import dev.penstock.kernel.usage.UsageWatermark.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One transaction of ingest: deliveries of different spools, each at most once.
 *
 * <p>Everybody takes locks in this order: watermarks, windows, leases, uses of keys; several of a
 * kind in the order of their keys. What many share comes last, so it is held shortly.
 */
final class IngestRound {

  private final Connection connection;
  private final Ledger ledger;
  private final UsageRows rows;

  IngestRound(Connection connection, Ledger ledger) {
    this.connection = connection;
    this.ledger = ledger;
    rows = new UsageRows(connection);
  }

  /** What of a delivery is new. */
  private record Fresh(Delivery delivery, List<SpoolEntry> entries) {

    UUID spoolId() {
      return delivery.batch().spoolId();
    }

    Set<UUID> leases() {
      return entries.stream().flatMap(entry -> leases(entry).stream()).collect(Collectors.toSet());
    }

    static Set<UUID> leases(SpoolEntry entry) {
      return entry.content().charges().stream().map(Charge::leaseId).collect(Collectors.toSet());
    }

    TreeMap<Long, RequestRecord> requests() {
      TreeMap<Long, RequestRecord> requests = new TreeMap<>();
      for (SpoolEntry entry : entries) {
        if (entry.content() instanceof Content.Request(RequestRecord record)) {
          requests.put(entry.seq(), record);
        }
      }
      return requests;
    }
  }

  /**
   * What is going to be so once the transaction is committed.
   *
   * @param found what is to be told of then
   */
  record Stored(Map<Delivery, Said> said, List<KeptAside.Found> found) {
    Stored {
      said = Map.copyOf(said);
      found = List.copyOf(found);
    }
  }

  /** Stores what is new and says what became of each. */
  Stored store(List<Delivery> deliveries) throws SQLException {
    Map<UUID, UsageRows.Watermark> watermarks =
        rows.lockWatermarks(deliveries.stream().map(each -> each.batch().spoolId()).toList());
    Map<Delivery, Said> said = new HashMap<>();
    List<Fresh> fresh = new ArrayList<>();
    Map<UUID, Long> advances = new TreeMap<>();
    for (Delivery delivery : deliveries) {
      UsageBatch batch = delivery.batch();
      UsageRows.Watermark watermark = watermarks.get(batch.spoolId());
      if (watermark == null || !watermark.node().equals(delivery.node())) {
        said.put(delivery, foreign(delivery));
        continue;
      }
      Verdict verdict =
          new UsageWatermark(watermark.ackedSeq()).judge(batch.firstSeq(), batch.entries().size());
      said.put(delivery, said(verdict));
      if (verdict instanceof Verdict.Commit(int skip, UsageWatermark next)
          && skip < batch.entries().size()) {
        fresh.add(new Fresh(delivery, batch.entries().subList(skip, batch.entries().size())));
        advances.put(batch.spoolId(), next.acked());
      }
    }
    List<Fresh> sound = sound(fresh);
    if (!sound.isEmpty()) {
      store(sound, deliveries.getFirst().receivedAt());
      rows.advance(advances);
    }
    return new Stored(
        said,
        sound.stream().map(each -> KeptAside.Found.of(each.delivery(), each.entries())).toList());
  }

  private static Said foreign(Delivery delivery) {
    return new Said.Refused(
        "spool %s is not known as one of node %s"
            .formatted(delivery.batch().spoolId(), delivery.node()));
  }

  private static Said said(Verdict verdict) {
    return new Said.Done(
        switch (verdict) {
          case Verdict.Missing(long expected) -> new IngestOutcome.Missing(expected);
          case Verdict.Commit(int skip, UsageWatermark next) ->
              new IngestOutcome.Committed(next.acked());
        });
  }

  /** Under their own names, and what charges a lease which is not the spool's is kept aside. */
  private List<Fresh> sound(List<Fresh> all) throws SQLException {
    Set<UUID> leases = new HashSet<>();
    all.forEach(each -> leases.addAll(each.leases()));
    Map<UUID, UUID> spools = ledger.spoolsOf(connection, leases);
    List<Fresh> sound = new ArrayList<>(all.size());
    for (Fresh each : all) {
      List<SpoolEntry> entries =
          each.entries().stream()
              .map(entry ->
                  Fresh.leases(entry).stream()
                          .allMatch(lease -> each.spoolId().equals(spools.get(lease)))
                      ? entry
                      : entry.toUnchargedPoison("charges a lease that is not this spool's"))
              .toList();
      sound.add(new Fresh(each.delivery(), AliasedCallers.named(connection, entries)));
    }
    return sound;
  }

  private void store(List<Fresh> all, Instant now) throws SQLException {
    List<RequestRecord> requests = new ArrayList<>();
    Map<UUID, TreeMap<Long, RequestRecord>> bySpool = new TreeMap<>();
    for (Fresh fresh : all) {
      TreeMap<Long, RequestRecord> own = fresh.requests();
      bySpool.put(fresh.spoolId(), own);
      requests.addAll(own.values());
    }
    rows.insertRequests(day(now), bySpool);
    List<Settling> charges = new ArrayList<>();
    for (Fresh fresh : all) {
      String node = fresh.delivery().node();
      tellOfDenials(node, Objects.requireNonNull(bySpool.get(fresh.spoolId())), now);
      rows.insertGaps(fresh.spoolId(), node, fresh.entries());
      rows.insertPoison(fresh.spoolId(), node, fresh.entries());
      charges.add(charges(fresh));
    }
    ledger.settle(connection, charges);
    noteUnsummed(bySpool, now);
    KeyUse.note(connection, keyUses(requests));
  }

  /** An event for each, of callers whom somebody knows; the others are counted. */
  private void tellOfDenials(String node, Map<Long, RequestRecord> requests, Instant now)
      throws SQLException {
    Map<Boolean, List<AuditEvent>> byUnknown =
        DeniedExchanges.of(requests.values()).stream()
            .collect(Collectors.partitioningBy(AuditEvent::isOfUnknown));
    new AuditRows(connection).append(byUnknown.getOrDefault(false, List.of()));
    UnknownCallers.count(connection, node, byUnknown.getOrDefault(true, List.of()), now);
  }

  private static Settling charges(Fresh fresh) {
    Map<UUID, Long> costs = new TreeMap<>();
    for (SpoolEntry entry : fresh.entries()) {
      for (Charge charge : entry.content().charges()) {
        costs.merge(charge.leaseId(), charge.costNanoUsd(), Math::addExact);
      }
    }
    List<SpoolEntry> entries = fresh.entries();
    return new Settling(fresh.spoolId(), entries.getFirst().seq(), entries.getLast().seq(), costs);
  }

  /** Sums are added up later, from the rows. */
  private void noteUnsummed(Map<UUID, TreeMap<Long, RequestRecord>> bySpool, Instant now)
      throws SQLException {
    List<Stretch> stretches = new ArrayList<>();
    bySpool.forEach((spoolId, requests) -> {
      if (!requests.isEmpty()) {
        stretches.add(Stretch.of(spoolId, requests.firstKey(), requests.lastKey(), day(now), now));
      }
    });
    new Unsummed(connection).note(stretches);
  }

  private static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  private static Map<String, Instant> keyUses(List<RequestRecord> requests) {
    Map<String, Instant> uses = new TreeMap<>();
    for (RequestRecord record : requests) {
      if (!record.caller().apiKeyId().isEmpty()) {
        uses.merge(record.caller().apiKeyId(), record.at(), IngestRound::later);
      }
    }
    return uses;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
