package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.usage.IngestOutcome.Committed;
import dev.penstock.controlplane.usage.IngestOutcome.Missing;
import dev.penstock.controlplane.usage.RequestRecord.Charge;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.snapshot.ServiceAccount;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class UsageIngestTest {

  @Test
  void commitsRecordsMoneyAndSumsTogether() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);

    IngestOutcome outcome = kit.send(1, kit.request(100), kit.request(250));

    assertThat(outcome).isEqualTo(new Committed(2));
    assertThat(kit.records()).isEqualTo(2);
    assertThat(kit.spent()).isEqualTo(350);
    assertThat(kit.rolledUpCost()).isEqualTo(350);
    assertThat(kit.rolledUpRequests()).isEqualTo(2);
    assertThat(kit.acked()).isEqualTo(2);
  }

  @Test
  void aRepeatedBatchIsAcknowledgedAndCountsOnce() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);
    UsageBatch batch = kit.batch(1, kit.request(100), kit.request(250));

    kit.ingest.ingest(UsageKit.SENDER, batch);
    IngestOutcome again = kit.ingest.ingest(UsageKit.SENDER, batch);

    assertThat(again).isEqualTo(new Committed(2));
    assertThat(kit.records()).isEqualTo(2);
    assertThat(kit.spent()).isEqualTo(350);
  }

  @Test
  void aDeniedRequestIsAnAuditEventOnceHoweverOftenItIsReported() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);
    UUID id = UUID.randomUUID();
    UsageBatch batch = kit.batch(1, kit.request(100), kit.denied(id, "model_not_allowed"));

    kit.ingest.ingest(UsageKit.SENDER, batch);
    kit.ingest.ingest(UsageKit.SENDER, batch);

    assertThat(kit.audited()).isEqualTo(1);
    assertThat(
            UsageKit.number(
                """
                SELECT count(*) FROM audit.event WHERE request_id = ? AND action = 'exchange.deny'
                  AND outcome = 'denied' AND reason = 'model_not_allowed' AND revision = 3
                  AND actor = 'ApiKey ' || tenant_path[2] || '/app' AND resource = 'Model assistant'
                  AND before_hash IS NULL AND after_hash IS NULL\
                """,
                id))
        .isEqualTo(1);
  }

  @Test
  void aRecordOfATenantThatTheNodeKnowsUnderAnAliasBelongsToTheTenant() throws SQLException {
    UsageKit kit = new UsageKit();
    String keyId = kit.apiKey("app");

    kit.send(
        1,
        kit.deniedAlias(UUID.randomUUID(), keyId),
        kit.deniedAlias(UUID.randomUUID(), "nobody's"));

    assertThat(kit.records()).isEqualTo(2);
    assertThat(kit.audited()).isEqualTo(1);
    assertThat(
            UsageKit.number(
                "SELECT count(*) FROM usage.request_record WHERE tenant = ? AND api_key = 'app'"
                    + " AND tenant_path[cardinality(tenant_path)] = tenant",
                kit.tenant))
        .isEqualTo(1);
  }

  @Test
  void aRecordOfAServiceAccountBelongsToItsTenantWhateverTheNodeMayKnow() throws SQLException {
    UsageKit kit = new UsageKit();
    String client = kit.serviceAccount("bot");
    UUID denied = UUID.randomUUID();

    kit.send(
        1,
        kit.requestBy(client),
        kit.deniedProgram(denied, ServiceAccount.hashOf(client)),
        kit.deniedProgram(UUID.randomUUID(), ServiceAccount.hashOf("nobody's")));

    assertThat(kit.records()).isEqualTo(3);
    assertThat(
            UsageKit.number(
                """
                SELECT count(*) FROM usage.request_record WHERE subject = ?
                  AND subject = 'penstock.' || tenant || '.bot' AND api_key = ''
                  AND api_key_id = '' AND tenant_path[cardinality(tenant_path)] = tenant\
                """,
                client))
        .isEqualTo(2);
    assertThat(
            UsageKit.number(
                """
                SELECT count(*) FROM audit.event WHERE request_id = ? AND api_key_id = ''
                  AND actor = 'penstock.' || tenant_path[cardinality(tenant_path)] || '.bot'\
                """,
                denied))
        .isEqualTo(1);
  }

  /** Else each batch of a node with such callers costs a look at every service account. */
  @Test
  void aServiceAccountIsFoundByTheHashOfItsClientWithoutALookAtAllOthers() throws SQLException {
    new UsageKit().serviceAccount("bot");

    try (Connection connection = MigratedPostgres.app().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET LOCAL enable_seqscan = off"); // the table is small
      List<String> plan = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "EXPLAIN SELECT tenant FROM policy.member WHERE client_hash = ANY ('{a,b}')")) {
        while (rows.next()) {
          plan.add(rows.getString(1));
        }
      }
      assertThat(plan).anyMatch(line -> line.contains("member_client_hash"));
    }
  }

  @Test
  void aRecordAndItsAuditEventAreCommittedTogetherOrNotAtAll() throws SQLException {
    UsageKit kit = new UsageKit();
    UUID id = UUID.randomUUID();
    Content unstorable = kit.denied(id, "x".repeat(100) + "\0");

    kit.send(1, unstorable);

    assertThat(kit.records()).isZero();
    assertThat(kit.audited()).isZero();
    assertThat(kit.quarantined()).isEqualTo(1);
  }

  @Test
  void anOverlappingBatchCountsWhatIsNew() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);
    kit.send(1, kit.request(1), kit.request(10));

    IngestOutcome outcome = kit.send(2, kit.request(10), kit.request(100));

    assertThat(outcome).isEqualTo(new Committed(3));
    assertThat(kit.spent()).isEqualTo(111);
  }

  @Test
  void aBatchAfterAGapIsRefusedAsAWhole() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);
    kit.send(1, kit.request(1));

    IngestOutcome outcome = kit.send(3, kit.request(10));

    assertThat(outcome).isEqualTo(new Missing(2));
    assertThat(kit.spent()).isEqualTo(1);
  }

  @Test
  void aRecordThatCannotBeCountedIsKeptAsideAndStopsNothing() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);

    IngestOutcome outcome =
        kit.send(
            1,
            kit.request(1),
            new Content.Poison("cannot be parsed"),
            kit.request(10, UUID.randomUUID()),
            new Content.Gap("bad checksum", 77),
            kit.request(100));

    assertThat(outcome).isEqualTo(new Committed(5));
    assertThat(kit.spent()).isEqualTo(101);
    assertThat(kit.records()).isEqualTo(2);
    assertThat(kit.quarantined()).isEqualTo(2);
    assertThat(kit.meters.counter("penstock.usage.quarantined").count()).isEqualTo(2);
    assertThat(kit.meters.counter("penstock.usage.gaps").count()).isEqualTo(1);
    assertThat(UsageKit.number("SELECT bytes FROM usage.usage_gap WHERE spool_id = ?", kit.spoolId))
        .isEqualTo(77);
    assertThat(
            UsageKit.number(
                "SELECT count(*) FROM usage.usage_quarantine WHERE spool_id = ?"
                    + " AND convert_from(body, 'UTF8') = 'bytes of ' || seq",
                kit.spoolId))
        .isEqualTo(2);
  }

  @Test
  void theMoneyOfARecordThatIsKeptAsideCountsOnce() throws SQLException {
    // Given
    UsageKit kit = new UsageKit();
    kit.lease(5000);
    Content poison = new Content.Poison("odd", List.of(new Charge(kit.leaseId, 10)));
    kit.send(1, kit.request(1), poison);

    // When
    IngestOutcome again = kit.send(1, kit.request(1), poison, kit.request(100));

    // Then
    assertThat(again).isEqualTo(new Committed(3));
    assertThat(kit.quarantined()).isEqualTo(1);
    assertThat(kit.records()).isEqualTo(2);
    assertThat(kit.spent()).isEqualTo(111);
    assertThat(kit.rolledUpCost()).isEqualTo(101);
  }

  @Test
  void theMoneyOfARecordThatTheDatabaseRefusesCounts() throws SQLException {
    // Given
    UsageKit kit = new UsageKit();
    kit.lease(5000);

    // When
    IngestOutcome outcome = kit.send(1, kit.request(1), kit.unstorable(10), kit.request(100));

    // Then
    assertThat(outcome).isEqualTo(new Committed(3));
    assertThat(kit.quarantined()).isEqualTo(1);
    assertThat(kit.records()).isEqualTo(2);
    assertThat(kit.spent()).isEqualTo(111);
  }

  /** More than {@code wire} lets anybody send: a spool must not stand still for it all the same. */
  @Test
  void moneyThatTheLedgerCannotHoldIsKeptAsideWithItsRecord() throws SQLException {
    // Given
    UsageKit kit = new UsageKit();
    kit.lease(5000);
    kit.send(1, kit.request(10_000));
    Charge all = new Charge(kit.leaseId, Long.MAX_VALUE - 5000);

    // When
    IngestOutcome outcome = kit.send(2, new Content.Poison("odd", List.of(all)), kit.request(100));

    // Then
    assertThat(outcome).isEqualTo(new Committed(3));
    assertThat(kit.quarantined()).isEqualTo(1);
    assertThat(kit.spent()).isEqualTo(10_100);
  }

  @Test
  void aRecordThatIsKeptAsideChargesNoForeignLease() throws SQLException {
    // Given
    UsageKit kit = new UsageKit();
    UsageKit other = new UsageKit();
    other.lease(5000);

    // When
    kit.send(1, new Content.Poison("odd", List.of(new Charge(other.leaseId, 10))));

    // Then
    assertThat(kit.quarantined()).isEqualTo(1);
    assertThat(other.spent()).isZero();
  }

  @Test
  void aRecordThatTheDatabaseRefusesIsFoundAmongTheOthers() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);
    Content unstorable = new Content.Gap("a text with a \0 in it", 1);

    IngestOutcome outcome = kit.send(1, kit.request(1), unstorable, kit.request(100));

    assertThat(outcome).isEqualTo(new Committed(3));
    assertThat(kit.spent()).isEqualTo(101);
    assertThat(kit.quarantined()).isEqualTo(1);
  }

  @Test
  void anotherNodesSpoolIsNotWritten() throws SQLException {
    UsageKit kit = new UsageKit();
    UsageBatch batch = kit.batch(1, new Content.Gap("x", 1));

    assertThatThrownBy(() -> kit.ingest.ingest(new NodeIdentity("us-east-1", "us-east"), batch))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("not known as one of node us-east-1");
    assertThat(kit.acked()).isZero();
  }

  @Test
  void aRecordOfAnotherNodeOrRegionIsKeptAsideAndItsMoneyCounts() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);

    IngestOutcome outcome =
        kit.send(
            1,
            kit.request(1),
            kit.requestOf("us-east-1", "eu-west", 10),
            kit.requestOf(UsageKit.NODE, "us-east", 100));

    assertThat(outcome).isEqualTo(new Committed(3));
    assertThat(kit.records()).isEqualTo(1);
    assertThat(kit.quarantined()).isEqualTo(2);
    assertThat(kit.spent()).isEqualTo(111);
  }

  @Test
  void aRecordOfTheFutureIsOneOfNow() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(5000);
    Instant before = Instant.now();

    kit.send(1, kit.requestAt(before.plusSeconds(3600)), kit.requestAt(before.minusSeconds(3600)));

    assertThat(
            UsageKit.number(
                "SELECT count(*) FROM usage.request_record WHERE spool_id = ? AND at > now()",
                kit.spoolId))
        .isZero();
    assertThat(
            UsageKit.number(
                "SELECT count(*) FROM usage.request_record WHERE spool_id = ?"
                    + " AND at < now() - interval '59 minutes'",
                kit.spoolId))
        .isEqualTo(1);
  }

  @Test
  void aCommitWhoseAnswerWasLostCountsOnce() throws SQLException {
    UsageKit kit = new UsageKit(cuttingAfterCommit(MigratedPostgres.app()));
    kit.lease(5000);
    UsageBatch batch = kit.batch(1, kit.request(100));

    assertThatThrownBy(() -> kit.ingest.ingest(UsageKit.SENDER, batch))
        .isInstanceOf(SQLException.class);
    IngestOutcome again = new UsageKit().ingest.ingest(UsageKit.SENDER, batch);

    assertThat(again).isEqualTo(new Committed(1));
    assertThat(kit.records()).isEqualTo(1);
    assertThat(kit.spent()).isEqualTo(100);
  }

  /** One of them has a record that cannot be stored, and one is of a spool that nobody knows. */
  @Test
  void manySpoolsAtOnceCountOnceEach() throws Exception {
    // Given
    UsageKit first = new UsageKit();
    List<UsageKit> kits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      UsageKit kit = new UsageKit();
      kit.lease(900_000);
      kits.add(kit);
    }
    UsageBatch foreign = new UsageBatch(UUID.randomUUID(), 1, List.of());

    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (UsageKit kit : kits) {
        work.add(
            threads.submit(() -> {
              for (int batch = 0; batch < 10; batch++) {
                Content odd =
                    kit == kits.getFirst() && batch == 5 ? kit.unstorable(7) : kit.request(7);
                first.ingest.ingest(
                    UsageKit.SENDER,
                    kit.batch(1 + batch * 3L, kit.request(1), odd, kit.request(1)));
              }
              return true;
            }));
      }
      Future<?> refused = threads.submit(() -> first.ingest.ingest(UsageKit.SENDER, foreign));
      assertThatThrownBy(refused::get).hasMessageContaining("not known as one of node");
      for (Future<?> each : work) {
        each.get();
      }
    }

    // Then
    for (UsageKit kit : kits) {
      boolean odd = kit == kits.getFirst();
      assertThat(kit.acked()).isEqualTo(30);
      assertThat(kit.spent()).isEqualTo(90);
      assertThat(kit.records()).isEqualTo(odd ? 29 : 30);
      assertThat(kit.quarantined()).isEqualTo(odd ? 1 : 0);
      assertThat(kit.rolledUpCost()).isEqualTo(odd ? 83 : 90);
    }
  }

  /** However batches are cut, repeated and reordered: every record counts exactly once. */
  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void everyRecordCountsExactlyOnce(@ForAll long seed) throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(900_000);
    Random random = new Random(seed);
    List<Content> spool = new ArrayList<>();
    long cost = 0;
    for (int i = 0; i < 40; i++) {
      long each = random.nextLong(100);
      cost += each;
      spool.add(kit.request(each));
    }
    while (kit.acked() < spool.size()) {
      int first = random.nextInt(spool.size());
      int count = 1 + random.nextInt(spool.size() - first);
      long acked = kit.acked();

      IngestOutcome outcome =
          kit.send(first + 1L, spool.subList(first, first + count).toArray(new Content[0]));

      assertThat(outcome)
          .isEqualTo(
              first > acked
                  ? new Missing(acked + 1)
                  : new Committed(Math.max(acked, first + count)));
    }
    assertThat(kit.records()).isEqualTo(spool.size());
    assertThat(kit.distinctSequences()).isEqualTo(spool.size());
    assertThat(kit.spent()).isEqualTo(cost);
    assertThat(kit.rolledUpCost()).isEqualTo(cost);
  }

  /** A database whose answer to the commit of a batch gets lost, after it was carried out. */
  private static DataSource cuttingAfterCommit(DataSource real) {
    return (DataSource)
        Proxy.newProxyInstance(
            UsageIngestTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> cutting((Connection) invoke(real, method, arguments)));
  }

  private static Connection cutting(Connection real) {
    boolean[] batch = {false};
    return (Connection)
        Proxy.newProxyInstance(
            UsageIngestTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && String.valueOf(arguments[0]).contains("usage_stream")) {
                batch[0] = true;
              }
              Object result = invoke(real, method, arguments);
              if (method.getName().equals("commit") && batch[0]) {
                throw new SQLException("connection lost", "08006");
              }
              return result;
            });
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
