package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.audit.UnknownCallers;
import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.kit.MigratedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever can reach a node can be denied as often as it likes, and fills no log with that. */
class UnknownCallersTest {

  private static final Instant MINUTE = Instant.now().truncatedTo(ChronoUnit.MINUTES);
  private static final String REASON = "invalid_api_key";

  private Instant now = MINUTE.plusSeconds(5);
  private long before; // the index of the newest event of others

  @SuppressWarnings("NullAway.Init") // set before each
  private UsageKit kit;

  @SuppressWarnings("NullAway.Init") // set before each
  private UsageIngest ingest;

  @SuppressWarnings("NullAway.Init") // set before each
  private UnknownCallers unknown;

  @BeforeEach
  void start() throws SQLException {
    kit = new UsageKit();
    ingest =
        new UsageIngest(
            kit.transactions,
            kit.ledger,
            new RecordDays(kit.transactions),
            new KeptAside(kit.meters),
            () -> now);
    unknown = new UnknownCallers(kit.transactions);
    forget();
  }

  /** The log is shared and forgets nothing: what counts here is what comes after. */
  @AfterEach
  void forget() throws SQLException {
    unknown.tell(MINUTE.plus(Duration.ofDays(1)));
    before = index();
  }

  @Test
  void shareAnEventOfTheirMinuteThatSaysHowManyTheyWere() throws SQLException {
    // Given
    UUID newest = UUID.randomUUID();
    for (int batch = 0; batch < 20; batch++) {
      UUID last = batch == 19 ? newest : UUID.randomUUID();
      ingest.ingest(
          UsageKit.SENDER,
          kit.batch(
              1 + batch * 3L,
              kit.deniedToUnknown(UUID.randomUUID(), REASON),
              kit.deniedToUnknown(UUID.randomUUID(), REASON),
              kit.deniedToUnknown(last, REASON)));
    }

    // When
    unknown.tell(MINUTE.plusSeconds(60)); // a batch that was begun in it may still come
    List<String> early = events();
    unknown.tell(MINUTE.plusSeconds(75));
    unknown.tell(MINUTE.plusSeconds(75));

    // Then
    assertThat(early).isEmpty();
    assertThat(events())
        .containsExactly(
            "unknown exchange.deny Node eu-west-1 denied invalid_api_key x60 " + newest);
    assertThat(kit.records()).isEqualTo(60);
  }

  @Test
  void countOnceHoweverOftenABatchIsReported() throws SQLException {
    UsageBatch batch = kit.batch(1, kit.deniedToUnknown(UUID.randomUUID(), REASON));

    ingest.ingest(UsageKit.SENDER, batch);
    ingest.ingest(UsageKit.SENDER, batch);
    unknown.tell(MINUTE.plusSeconds(75));

    assertThat(events()).singleElement().asString().contains(" x1 ");
  }

  @Test
  void areToldApartByMinuteAndReason() throws SQLException {
    ingest.ingest(
        UsageKit.SENDER,
        kit.batch(
            1,
            kit.deniedToUnknown(UUID.randomUUID(), REASON),
            kit.deniedToUnknown(UUID.randomUUID(), "not_found")));
    now = MINUTE.plusSeconds(65);
    ingest.ingest(UsageKit.SENDER, kit.batch(3, kit.deniedToUnknown(UUID.randomUUID(), REASON)));

    unknown.tell(MINUTE.plusSeconds(75));
    assertThat(events()).hasSize(2);
    unknown.tell(MINUTE.plusSeconds(135));
    assertThat(events()).hasSize(3);
  }

  @Test
  void areNotThoseWhomSomebodyKnows() throws SQLException {
    ingest.ingest(
        UsageKit.SENDER,
        kit.batch(
            1,
            kit.denied(UUID.randomUUID(), "model_not_allowed"),
            kit.denied(UUID.randomUUID(), "model_not_allowed"),
            kit.deniedAlias(UUID.randomUUID(), "nobody's")));

    assertThat(events()).hasSize(3).allMatch(event -> event.contains(" x1 "));
  }

  @Test
  void areForgottenWithABatchThatIsNotCommitted() throws SQLException {
    ingest.ingest(
        new NodeIdentity(UsageKit.NODE, "eu-west"),
        kit.batch(1, kit.deniedToUnknown(UUID.randomUUID(), "x".repeat(100) + "\0")));
    unknown.tell(MINUTE.plusSeconds(75));

    assertThat(events()).isEmpty();
    assertThat(kit.quarantined()).isEqualTo(1);
  }

  private static long index() throws SQLException {
    return UsageKit.number("SELECT coalesce(max(index), 0) FROM audit.event WHERE index > ?", 0);
  }

  private List<String> events() throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = MigratedPostgres.admin().getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                """
                SELECT actor || ' ' || action || ' ' || resource || ' ' || outcome || ' ' || reason
                  || ' x' || occurrences || ' ' || request_id
                FROM audit.event WHERE index > ? ORDER BY index\
                """)) {
      select.setLong(1, before);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }
}
