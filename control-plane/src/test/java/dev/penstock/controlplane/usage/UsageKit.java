package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.ledger.LeaseAsk;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.money.Tokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** Ingest on the tests' Postgres, for one node with one spool, one budget and one lease. */
final class UsageKit {

  static final String NODE = "eu-west-1";
  static final NodeIdentity SENDER = new NodeIdentity(NODE, "eu-west");

  final UUID spoolId = UUID.randomUUID();
  final UUID budgetId = UUID.randomUUID();
  final UUID leaseId = UUID.randomUUID();
  final String tenant = "t-" + spoolId;
  final Transactions transactions;
  final Ledger ledger;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final UsageIngest ingest;
  final SumDesk sums;

  UsageKit() throws SQLException {
    this(MigratedPostgres.app());
  }

  UsageKit(DataSource database) throws SQLException {
    this(database, InstantSource.system(), SpendTags.USUAL);
  }

  /** At another time, and with other room for tags. */
  UsageKit(InstantSource clock, SpendTags tags) throws SQLException {
    this(MigratedPostgres.app(), clock, tags);
  }

  private UsageKit(DataSource database, InstantSource clock, SpendTags tags) throws SQLException {
    transactions = new Transactions(database);
    ledger = new Ledger(transactions);
    ingest =
        new UsageIngest(
            transactions, ledger, new RecordDays(transactions), new KeptAside(meters), clock);
    sums = new SumDesk(transactions, meters, tags);
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      execute(
          connection,
          "INSERT INTO policy.tenant (name, parent) VALUES (?, (SELECT name FROM policy.tenant"
              + " WHERE parent IS NULL)) ON CONFLICT (name) DO NOTHING",
          tenant);
      execute(
          connection,
          """
          INSERT INTO policy.budget
            (budget_id, tenant, name, amount_nano_usd, window_every, time_zone, mode)
          VALUES (?, ?, 'month', 1000000, 'month', 'UTC', 'strict')\
          """,
          budgetId,
          tenant);
      execute(
          connection,
          "INSERT INTO usage.usage_stream (spool_id, node) VALUES (?, ?)",
          spoolId,
          NODE);
    }
  }

  /** Leases money; done by a test that charges. */
  LeaseAnswer lease(long amount) throws SQLException {
    return new Ledger(new Transactions(MigratedPostgres.app()))
        .request(new LeaseAsk(leaseId, budgetId, NODE, spoolId, 1, 0, 0, amount, amount));
  }

  IngestOutcome send(long firstSeq, Content... contents) throws SQLException {
    return ingest.ingest(SENDER, batch(firstSeq, contents));
  }

  UsageBatch batch(long firstSeq, Content... contents) {
    List<SpoolEntry> entries = new ArrayList<>();
    for (Content content : contents) {
      long seq = firstSeq + entries.size();
      entries.add(new SpoolEntry(seq, ("bytes of " + seq).getBytes(), content));
    }
    return new UsageBatch(spoolId, firstSeq, entries);
  }

  /** A request that cost so much, charged to the lease. */
  Content request(long cost) {
    return request(cost, leaseId);
  }

  Content request(long cost, UUID chargedTo) {
    return request("assistant", cost, chargedTo);
  }

  /** A request of another node, as this one's spool would tell it. */
  Content requestOf(String node, String region, long cost) {
    return request(node, region, Instant.now(), "assistant", cost, leaseId);
  }

  /** A request that arrived then, by the node's clock. */
  Content requestAt(Instant at) {
    return request(NODE, "eu-west", at, "assistant", 1, leaseId);
  }

  /** As {@link #request(long)}, with a text that the database does not take. */
  Content unstorable(long cost) {
    return request("a text with a \0 in it", cost, leaseId);
  }

  /** Makes the tenant an API key of a name; answers its id. */
  String apiKey(String name) throws SQLException {
    String keyId = "k-" + UUID.randomUUID();
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      execute(
          connection,
          "INSERT INTO policy.api_key (key_id, tenant, name, hash, pepper_version, created_at)"
              + " VALUES (?, ?, ?, decode(repeat('00', 32), 'hex'), 1, now())",
          keyId,
          tenant,
          name);
    }
    return keyId;
  }

  /** Makes the tenant a service account of a name; answers the id of its client. */
  String serviceAccount(String name) throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      execute(
          connection,
          "INSERT INTO policy.member (member_id, tenant, name, subject, roles, service_account)"
              + " VALUES (?, ?, ?, ?, '{}', true)",
          UUID.randomUUID(),
          tenant,
          name,
          "service-account-penstock." + tenant + "." + name);
    }
    return "penstock." + tenant + "." + name;
  }

  /** As {@link #denied}, from a node that may not know the tenant. */
  Content deniedAlias(UUID id, String keyId) {
    return deniedAlias(id, keyId, "");
  }

  /** As above, of a service account. */
  Content deniedProgram(UUID id, String clientHash) {
    return deniedAlias(id, "", clientHash);
  }

  private static Content deniedAlias(UUID id, String keyId, String subject) {
    return denied(
        id,
        "residency_denied",
        new RequestRecord.Caller("~alias", List.of("~alias"), keyId, "", subject, Map.of()));
  }

  /** A request that policy denied. */
  Content denied(UUID id, String code) {
    return denied(
        id,
        code,
        new RequestRecord.Caller(
            tenant, List.of("acme", tenant), "0123456789", "app", "", Map.of()));
  }

  /** A request with a key that nobody knows. */
  Content deniedToUnknown(UUID id, String code) {
    return denied(id, code, new RequestRecord.Caller("", List.of(), "", "", "", Map.of()));
  }

  private static Content denied(UUID id, String code, RequestRecord.Caller caller) {
    return new Content.Request(
        new RequestRecord(
            id,
            Instant.now(),
            NODE,
            "eu-west",
            caller,
            "openai-chat",
            "sse",
            true,
            "what the client wrote",
            "assistant",
            new RequestRecord.Target("", "", "", "", 0),
            3,
            List.of(new RequestRecord.Decision("admit", "deny", code, 12)),
            List.of(),
            new RequestRecord.Timing(0, 0, 50),
            Tokens.of(0, 0),
            "",
            "",
            0,
            "denied",
            code,
            403,
            false,
            List.of()));
  }

  /** A request of a service account. */
  Content requestBy(String client) {
    return denied(
        UUID.randomUUID(),
        "model_not_allowed",
        new RequestRecord.Caller(tenant, List.of("acme", tenant), "", "", client, Map.of()));
  }

  /** Audit events of this kit's tenant. */
  long audited() throws SQLException {
    return number("SELECT count(*) FROM audit.event WHERE ? = ANY (tenant_path)", tenant);
  }

  private Content request(String model, long cost, UUID chargedTo) {
    return request(NODE, "eu-west", Instant.now(), model, cost, chargedTo);
  }

  private Content request(
      String node, String region, Instant at, String model, long cost, UUID chargedTo) {
    return new Content.Request(
        new RequestRecord(
            UUID.randomUUID(),
            at,
            node,
            region,
            new RequestRecord.Caller(
                tenant, List.of("acme", tenant), "0123456789", "app", "", Map.of("app", "chat")),
            "openai-chat",
            "sse",
            true,
            "assistant",
            model,
            new RequestRecord.Target("d1", "openai-eu", "eu-west", "acme/openai", 1),
            3,
            List.of(new RequestRecord.Decision("identify", "pass", "", 12)),
            List.of(served(cost)),
            new RequestRecord.Timing(900, 1000, 5000),
            Tokens.of(10, 20),
            "provider",
            "flex",
            cost,
            "served",
            "",
            200,
            false,
            List.of(new RequestRecord.Charge(chargedTo, cost))));
  }

  /** The call that the tenant is charged for. */
  static RequestRecord.Attempt served(long cost) {
    return new RequestRecord.Attempt(
        "d1",
        "openai-eu",
        "assistant",
        200,
        "",
        900,
        true,
        "req_1",
        RequestTokens.of(Tokens.of(10, 20)),
        "provider",
        cost);
  }

  /** A request that another provider was asked first, which did not serve and costs so much. */
  Content requestAfter(String provider, long borne, Instant at) {
    RequestRecord.Attempt unserved =
        new RequestRecord.Attempt(
            "d0",
            provider,
            "other",
            0,
            "first_token_timeout",
            0,
            false,
            "",
            RequestTokens.of(Tokens.of(10, 0)),
            "estimated",
            borne);
    RequestRecord record = ((Content.Request) requestAt(at)).record();
    return new Content.Request(record.tried(List.of(unserved, served(1))));
  }

  long records() throws SQLException {
    return number("SELECT count(*) FROM usage.request_record WHERE spool_id = ?", spoolId);
  }

  long distinctSequences() throws SQLException {
    return number(
        "SELECT count(DISTINCT seq) FROM usage.request_record WHERE spool_id = ?", spoolId);
  }

  long spent() throws SQLException {
    return number(
        "SELECT coalesce(sum(spent), 0) FROM ledger.budget_window WHERE budget_id = ?", budgetId);
  }

  long rolledUpCost() throws SQLException {
    sums.catchUp();
    return number(
        "SELECT coalesce(sum(cost_nusd), 0) FROM usage.spend_rollup WHERE grain = 5 AND tenant = ?",
        tenant);
  }

  long rolledUpRequests() throws SQLException {
    sums.catchUp();
    return number(
        "SELECT coalesce(sum(requests), 0) FROM usage.spend_rollup WHERE grain = 5 AND tenant = ?",
        tenant);
  }

  long quarantined() throws SQLException {
    return number("SELECT count(*) FROM usage.usage_quarantine WHERE spool_id = ?", spoolId);
  }

  long acked() throws SQLException {
    return number("SELECT acked_seq FROM usage.usage_stream WHERE spool_id = ?", spoolId);
  }

  static long number(String sql, Object argument) throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, argument);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  static void execute(Connection connection, String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      statement.executeUpdate();
    }
  }
}
