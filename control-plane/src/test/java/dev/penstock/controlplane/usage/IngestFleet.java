package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.ledger.LeaseAsk;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.usage.RequestRecord.Caller;
import dev.penstock.controlplane.usage.RequestRecord.Charge;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.money.Tokens;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Nodes of a company of its own: twenty tenants with a budget each, five API keys a tenant, five
 * models at three providers, two tags a request.
 */
final class IngestFleet {

  /** Of each request, nano-USD. */
  static final long COST = 3;

  private static final int TENANTS = 20;
  private static final int KEYS = 5;
  private static final int MODELS = 5;
  private static final int PROVIDERS = 3;
  private static final int MOST_OF_BATCH = 500;
  private static final long LINGER_MILLIS = 200;
  private static final List<RequestRecord.Decision> DECISIONS =
      Stream.of(
              "identify", "resolve", "admit", "screen", "choose", "hold", "open", "relay", "settle")
          .map(step -> new RequestRecord.Decision(step, "pass", "", 12))
          .toList();
  private static final String NODE = "rate-1";
  private static final NodeIdentity SENDER = new NodeIdentity(NODE, "eu-west");

  private final String company = "rate-" + UUID.randomUUID();
  private final List<UUID> budgets = new ArrayList<>();
  private final List<Spool> spools = new ArrayList<>();
  private final ConcurrentSkipListMap<Long, Duration> furthestBehind =
      new ConcurrentSkipListMap<>();
  private final Transactions transactions;
  private final Ledger ledger;
  private final UsageIngest ingest;
  private final SumDesk sums;

  /** One node's spool, with a lease on each budget. */
  private record Spool(UUID id, List<UUID> leases) {}

  private IngestFleet(DataSource database) {
    transactions = new Transactions(database);
    ledger = new Ledger(transactions);
    ingest =
        new UsageIngest(
            transactions,
            ledger,
            new RecordDays(transactions),
            new KeptAside(new SimpleMeterRegistry()));
    sums = new SumDesk(transactions, new SimpleMeterRegistry());
  }

  /** A company and so many nodes of it. */
  static IngestFleet of(int nodes) throws SQLException {
    IngestFleet fleet = new IngestFleet(pool());
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        fleet.stateBudget(connection, fleet.tenant(tenant));
      }
    }
    for (int node = 0; node < nodes; node++) {
      fleet.openSpool();
    }
    return fleet;
  }

  private static DataSource pool() throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(pool ->
                pool.maxSize(12)
                    .connectionFactoryConfiguration(
                        factory -> factory.jdbcUrl(MigratedPostgres.appUrl()).autoCommit(true))));
  }

  private String tenant(int number) {
    return company + "-" + number;
  }

  private void stateBudget(Connection connection, String tenant) throws SQLException {
    UUID budget = UUID.randomUUID();
    budgets.add(budget);
    UsageKit.execute(
        connection,
        "INSERT INTO policy.tenant (name, parent)"
            + " VALUES (?, (SELECT name FROM policy.tenant WHERE parent IS NULL))",
        tenant);
    UsageKit.execute(
        connection,
        """
        INSERT INTO policy.budget
          (budget_id, tenant, name, amount_nano_usd, window_every, time_zone, mode)
        VALUES (?, ?, 'month', 1000000000000, 'month', 'UTC', 'strict')\
        """,
        budget,
        tenant);
  }

  private void openSpool() throws SQLException {
    UUID spool = UUID.randomUUID();
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      UsageKit.execute(
          connection, "INSERT INTO usage.usage_stream (spool_id, node) VALUES (?, ?)", spool, NODE);
    }
    List<UUID> leases = new ArrayList<>();
    for (UUID budget : budgets) {
      UUID lease = UUID.randomUUID();
      long amount = 1_000_000_000;
      ledger.request(new LeaseAsk(lease, budget, NODE, spool, 1, 0, 0, amount, amount));
      leases.add(lease);
    }
    spools.add(new Spool(spool, leases));
  }

  /**
   * Reports as a node does, until a time is over: what has come since the batch before, at most
   * 500, and again as soon as that is committed, but not sooner than 200 ms after it unless a batch
   * is full.
   *
   * @return how many records are committed
   */
  long report(int number, double perSecond, Duration time) throws Exception {
    Spool spool = spools.get(number);
    long start = System.nanoTime();
    long sent = 0;
    for (long began = start; began - start < time.toNanos(); began = System.nanoTime()) {
      long there = (long) ((began - start) / 1e9 * perSecond);
      int count = (int) Math.min(MOST_OF_BATCH, there - sent);
      if (count > 0) {
        ingest.ingest(SENDER, batch(spool, sent, count));
        noteBehind(start, start + (long) (sent / perSecond * 1e9));
        sent += count;
      }
      if (there - sent < MOST_OF_BATCH) {
        Thread.sleep(
            Math.max(1, LINGER_MILLIS - Duration.ofNanos(System.nanoTime() - began).toMillis()));
      }
    }
    return sent;
  }

  private void noteBehind(long start, long producedAt) {
    long now = System.nanoTime();
    furthestBehind.merge(
        Duration.ofNanos(now - start).toSeconds(),
        Duration.ofNanos(now - producedAt),
        IngestFleet::longer);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Adds up what has come, as the control plane does every five seconds. */
  void addUp() {
    sums.addUp();
  }

  private UsageBatch batch(Spool spool, long sent, int count) {
    List<SpoolEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long seq = sent + i + 1;
      entries.add(
          new SpoolEntry(seq, new byte[0], new Content.Request(record(spool, random(seq)))));
    }
    return new UsageBatch(spool.id(), sent + 1, entries);
  }

  /** Scatters numbers, the same each time. */
  private static int random(long number) {
    return (int) ((number * 0x9E3779B97F4A7C15L) >>> 33);
  }

  private RequestRecord record(Spool spool, int any) {
    int tenant = any % TENANTS;
    String key = "key-" + any / 20 % KEYS;
    return new RequestRecord(
        UUID.randomUUID(),
        Instant.now(),
        NODE,
        "eu-west",
        new Caller(
            tenant(tenant),
            List.of(company, tenant(tenant)),
            tenant + key,
            key,
            "",
            Map.of("app", key, "costCenter", "44" + tenant)),
        "openai-chat",
        "sse",
        true,
        "assistant",
        "model-" + any / 100 % MODELS,
        new RequestRecord.Target(
            "d1", "provider-" + any / 500 % PROVIDERS, "eu-west", "acme/openai", 1),
        3,
        DECISIONS,
        List.of(UsageKit.served(COST)),
        new RequestRecord.Timing(900, 100_000 + any % 3_000_000, 5_000_000),
        Tokens.of(1000, 200),
        "provider",
        "",
        COST,
        "served",
        "",
        200,
        false,
        List.of(new Charge(spool.leases().get(tenant), COST)));
  }

  /**
   * For how long a record had to wait at most, from when it was produced to its commit, of those
   * committed from one second on to before another.
   */
  Duration furthestBehind(long from, long before) {
    return furthestBehind.subMap(from, before).values().stream()
        .reduce(Duration.ZERO, IngestFleet::longer);
  }

  /** How far the sums are behind now. */
  Duration sumsBehind() throws SQLException {
    return transactions
        .inOne(connection -> new Unsummed(connection).since())
        .map(since -> Duration.between(since, Instant.now()))
        .orElse(Duration.ZERO);
  }

  /** What this process and the database's have used of a processor. */
  Duration cpu() throws SQLException {
    long backend = UsageKit.number("SELECT pg_backend_pid() + ?", 0);
    Stream<ProcessHandle> database =
        ProcessHandle.of(backend).flatMap(ProcessHandle::parent).stream()
            .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()));
    return Stream.concat(Stream.of(ProcessHandle.current()), database)
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  long records() throws SQLException {
    return UsageKit.number(
        "SELECT count(*) FROM usage.request_record WHERE tenant LIKE ?", company + "-%");
  }

  long requestsPerDay() throws SQLException {
    return UsageKit.number(
        "SELECT sum(requests) FROM usage.spend_rollup WHERE grain = 1440 AND tenant LIKE ?",
        company + "-%");
  }

  long spent() throws SQLException {
    return UsageKit.number(
        "SELECT sum(spent) FROM ledger.budget_window WHERE tenant LIKE ?", company + "-%");
  }
}
