package dev.penstock.controlplane.identity;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.kit.TestToken;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/** Acme with two subsidiaries that must not see each other, a request and its cost in each. */
final class Group {

  /** The subsidiary of everybody in these tests. */
  static final String OWN = "acme-health";

  /** Below it. */
  static final String BELOW = "acme-health-app";

  /** Beside it. */
  static final String FOREIGN = "acme-labs";

  static final UUID OWN_REQUEST = UUID.fromString("01900000-0000-7000-8000-000000000001");
  static final UUID BELOW_REQUEST = UUID.fromString("01900000-0000-7000-8000-000000000002");
  static final UUID FOREIGN_REQUEST = UUID.fromString("01900000-0000-7000-8000-000000000003");

  private static final String MORE =
      """
      ---
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: acme-labs }
      spec: { parent: acme }
      ---
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: acme-health-app }
      spec: { parent: acme-health }
      """;

  /** What each tenant has one of, so that every path leads somewhere. */
  private static final String OF_EACH =
      """
      ---
      apiVersion: penstock.dev/v1
      kind: Policy
      metadata: { tenant: %1$s, name: default }
      spec: { mode: enforce }
      ---
      apiVersion: penstock.dev/v1
      kind: Budget
      metadata: { tenant: %1$s, name: walked }
      spec: { amount: "10.00", window: { every: month } }
      ---
      apiVersion: penstock.dev/v1
      kind: RateLimit
      metadata: { tenant: %1$s, name: walked }
      spec: { requestsPerMinute: 600 }
      ---
      apiVersion: penstock.dev/v1
      kind: ApiKey
      metadata: { tenant: %1$s, name: walked }
      spec: {}
      ---
      apiVersion: penstock.dev/v1
      kind: Route
      metadata: { tenant: %1$s, name: walked }
      spec: { model: walked, groups: [[{ deployment: assistant-eu }]] }
      ---
      apiVersion: penstock.dev/v1
      kind: Secret
      metadata: { tenant: %1$s, name: walked }
      spec: { regions: [eu-west], value: { literal: sk-of-a-walk } }
      ---
      apiVersion: penstock.dev/v1
      kind: Member
      metadata: { tenant: %1$s, name: walked }
      spec: { subject: somebody-else, roles: [tenant-developer] }
      """;

  /** Of one name in tenants of which none is below another, as it has to be with guards. */
  private static final String GUARD =
      """
      ---
      apiVersion: penstock.dev/v1
      kind: Guard
      metadata: { tenant: %1$s, name: walked }
      spec: { on: [input], detectors: [{ type: secrets, action: block }] }
      """;

  private Group() {}

  static void state() throws SQLException {
    TestDatabase.reset();
    stateAll(company() + MORE);
    for (String tenant : List.of(OWN, FOREIGN, BELOW)) {
      stateAll(OF_EACH.formatted(tenant));
    }
    stateAll(GUARD.formatted(OWN) + GUARD.formatted(FOREIGN));
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "TRUNCATE usage.request_record, usage.spend_rollup, usage.spend_tag_rollup, usage.unsummed");
      record(statement, OWN_REQUEST, OWN);
      record(statement, BELOW_REQUEST, BELOW);
      record(statement, FOREIGN_REQUEST, FOREIGN);
    }
  }

  private static void stateAll(String yaml) {
    Response applied = apply(yaml);
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);
  }

  private static void record(Statement statement, UUID id, String tenant) throws SQLException {
    statement.execute("SELECT usage.open_day(current_date)");
    statement.execute(
        """
        INSERT INTO usage.request_record (
          received_on, spool_id, seq, id, at, node, node_region, tenant, tenant_path,
          api_key_id, api_key, subject, tags, dialect, transport, stream, model_asked, model,
          deployment, provider, provider_region, credential_name, credential_version,
          policy_revision, decisions, attempts, ttft_upstream_micros, ttft_delivered_micros,
          duration_micros, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
          reasoning_tokens, usage_source, cost_nusd, outcome, error_code, status, presumed,
          charges)
        SELECT
          received_on, spool_id, seq, id, at, node, node_region, tenant, tenant_path,
          api_key_id, api_key, subject, tags, dialect, transport, stream, model_asked, model,
          deployment, provider, provider_region, credential_name, credential_version,
          policy_revision, decisions, attempts, ttft_upstream_micros, ttft_delivered_micros,
          duration_micros, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
          reasoning_tokens, usage_source, cost_nusd, outcome, error_code, status, presumed,
          charges
        FROM jsonb_populate_record(NULL::usage.request_record, '{
          "received_on": "%1$s", "spool_id": "%2$s", "seq": 1, "id": "%2$s", "at": "%1$sT00:00:00Z", "node": "n",
          "node_region": "eu-west", "tenant": "%3$s", "tenant_path": ["acme", "%3$s"], "api_key_id": "k",
          "api_key": "walked", "subject": "", "tags": {"app": "of-%3$s"}, "dialect": "openai-chat", "transport": "sse",
          "stream": true, "model_asked": "assistant", "model": "assistant", "deployment": "d", "provider": "p",
          "provider_region": "eu-west", "credential_name": "", "credential_version": 0, "policy_revision": 1,
          "decisions": [], "attempts": [], "ttft_upstream_micros": 1, "ttft_delivered_micros": 1,
          "duration_micros": 1, "input_tokens": 1, "cache_read_tokens": 0, "cache_write_tokens": 0,
          "output_tokens": 1, "reasoning_tokens": 0, "usage_source": "provider", "cost_nusd": 7,
          "outcome": "served", "error_code": "", "status": 200, "presumed": false, "charges": []}')\
        """
            .formatted(LocalDate.now(ZoneOffset.UTC), id, tenant));
    // Whoever asks for spend first, with whatever reach, has it added up.
    statement.execute(
        "INSERT INTO usage.unsummed VALUES ('%s', 1, 1, '%s', now())"
            .formatted(id, LocalDate.now(ZoneOffset.UTC)));
  }

  /** Somebody whom a tenant has made a member with one role. */
  static TestToken member(String tenant, Role role) {
    stateAll(
        """
        apiVersion: penstock.dev/v1
        kind: Member
        metadata: { tenant: %1$s, name: %2$s-of-the-walk }
        spec: { subject: %2$s-of-%1$s, roles: [%2$s] }
        """
            .formatted(tenant, role.word()));
    return TestToken.of(role.word() + "-of-" + tenant);
  }
}
