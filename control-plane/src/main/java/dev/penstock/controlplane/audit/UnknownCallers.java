package dev.penstock.controlplane.audit;

import dev.penstock.controlplane.audit.AuditEvent.Action;
import dev.penstock.controlplane.audit.AuditEvent.Outcome;
import dev.penstock.controlplane.database.Transactions;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Denied exchanges of callers whom nobody knows: all of a minute at a node with the same reason
 * share one event. Whoever can reach a node can make as many of them as it likes, and the log
 * forgets nothing.
 *
 * <p>They are counted in the transaction of the batch that reports them, so each counts once; the
 * event is appended in the transaction that takes the count away, when the minute is over.
 */
@Singleton
public class UnknownCallers {

  /** For batches that were begun before the minute's end; a later one makes a second event. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static final String COUNT =
      """
      INSERT INTO audit.unknown_caller AS before
        (node, minute, reason, occurrences, at, revision, request_id)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (node, minute, reason) DO UPDATE SET
        occurrences = before.occurrences + EXCLUDED.occurrences,
        at = EXCLUDED.at, revision = EXCLUDED.revision, request_id = EXCLUDED.request_id\
      """;
  private static final String TAKE =
      """
      DELETE FROM audit.unknown_caller WHERE minute < ?
      RETURNING node, reason, occurrences, at, revision, request_id\
      """;

  private final Transactions transactions;

  public UnknownCallers(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Counts exchanges that a batch reports, on the batch's connection.
   *
   * @param node that has reported them
   * @param denials in their order
   * @param now when they are received
   */
  public static void count(
      Connection connection, String node, List<AuditEvent> denials, Instant now)
      throws SQLException {
    Map<String, List<AuditEvent>> byReason =
        denials.stream()
            .collect(Collectors.groupingBy(AuditEvent::reason, TreeMap::new, Collectors.toList()));
    for (Map.Entry<String, List<AuditEvent>> entry : byReason.entrySet()) {
      AuditEvent newest = entry.getValue().getLast();
      try (PreparedStatement count = connection.prepareStatement(COUNT)) {
        count.setString(1, node);
        count.setObject(2, utc(now.truncatedTo(ChronoUnit.MINUTES)));
        count.setString(3, entry.getKey());
        count.setLong(4, entry.getValue().size());
        count.setObject(5, utc(newest.at()));
        count.setLong(6, newest.revision());
        count.setObject(7, newest.requestId().orElseThrow());
        count.executeUpdate();
      }
    }
  }

  @Scheduled(every = "15s", delayed = "15s")
  void tell() throws SQLException {
    tell(Instant.now());
  }

  /** Appends the events of the minutes that are over. */
  public void tell(Instant now) throws SQLException {
    Instant open = now.minus(GRACE).truncatedTo(ChronoUnit.MINUTES);
    transactions.inOne(connection -> {
      List<AuditEvent> events = take(connection, open);
      new AuditRows(connection).append(events);
      return events.size();
    });
  }

  /** Takes the counts of all minutes before this one away. */
  private static List<AuditEvent> take(Connection connection, Instant open) throws SQLException {
    List<AuditEvent> taken = new ArrayList<>();
    try (PreparedStatement take = connection.prepareStatement(TAKE)) {
      take.setObject(1, utc(open));
      try (ResultSet row = take.executeQuery()) {
        while (row.next()) {
          taken.add(event(row));
        }
      }
    }
    return taken;
  }

  private static AuditEvent event(ResultSet row) throws SQLException {
    return new AuditEvent(
        row.getTimestamp("at").toInstant(),
        AuditEvent.UNKNOWN,
        Action.EXCHANGE_DENY,
        "Node " + row.getString("node"),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Outcome.DENIED,
        row.getString("reason"),
        row.getLong("revision"),
        Optional.of(row.getObject("request_id", UUID.class)),
        "",
        row.getLong("occurrences"));
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
