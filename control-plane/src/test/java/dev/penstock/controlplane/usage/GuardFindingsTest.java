package dev.penstock.controlplane.usage;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.as;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.kit.TestToken;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guard of acme has found in requests of acme-health and acme-labs, both below it. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class GuardFindingsTest {

  private static final String OF_ACME = "/tenants/acme/guards/pii/findings";
  private static final String OF_HEALTH = "/tenants/acme-health/guards/own/findings";

  private static final String MORE =
      """
      ---
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: acme-labs }
      spec: { parent: acme }
      ---
      apiVersion: penstock.dev/v1
      kind: Guard
      metadata: { tenant: acme, name: pii }
      spec: { on: [input], detectors: [{ type: secrets, action: block }] }
      ---
      apiVersion: penstock.dev/v1
      kind: Guard
      metadata: { tenant: acme-health, name: own }
      spec: { on: [input], detectors: [{ type: secrets, action: block }] }
      ---
      apiVersion: penstock.dev/v1
      kind: Member
      metadata: { tenant: acme-health, name: hanna }
      spec: { subject: hanna, roles: [tenant-developer] }
      ---
      apiVersion: penstock.dev/v1
      kind: Member
      metadata: { tenant: acme-labs, name: leo }
      spec: { subject: leo, roles: [tenant-admin] }
      ---
      apiVersion: penstock.dev/v1
      kind: Member
      metadata: { tenant: acme-health, name: fin }
      spec: { subject: fin, roles: [finance] }
      """;

  private final UUID spool = UUID.randomUUID();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private int seq;

  @BeforeEach
  void record() throws SQLException {
    TestDatabase.reset();
    Response applied = apply(company() + MORE);
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);
    record(
        "acme-health",
        1,
        "guard acme/pii detectors[0] email: redact 2, the first at messages[0].content",
        "guard acme/pii detectors[0] phone: would block 1, the first at messages[0].content",
        "guard acme-health/own detectors[1] terms[3]: flag 4, the first at a field that the API does not have",
        "answer: guard acme/pii detectors[0] email: redact 7, the first at choices[0].delta.content, character 4",
        "answer: at most 21 characters waited",
        "guard acme/pii-default detectors[0] email: redact 100, the first at input");
    record(
        "acme-labs",
        2,
        "guard acme/pii detectors[0] email: redact 1, the first at input",
        "guard acme/pii detectors[2] pattern: block, as it is a name that cannot be redacted, 1, the first at tools[0]",
        "guard acme/pii detectors[2] pattern: block 2, the first at input",
        "guard acme-health/own detectors[0] email: redact 9, the first at input");
    record("acme-labs", 3, "the guards found nothing");
    record("acme-labs", 30, "guard acme/pii detectors[0] email: redact 50, the first at input");
  }

  @AfterEach
  void forget() throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM usage.request_record WHERE spool_id = '%s'".formatted(spool));
    }
  }

  private void record(String tenant, int hoursAgo, String... reasons) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT usage.open_day(current_date)");
      try (PreparedStatement insert =
          connection.prepareStatement(
              """
              INSERT INTO usage.request_record VALUES (
                current_date, ?, ?, ?, ?, 'n', 'eu-west', ?, ARRAY['acme', ?], '', '', '',
                '{}', '', '', false, '', 'm', '', '', '', '', 0, 1,
                (SELECT jsonb_agg(jsonb_build_object(
                   'step', 'screen', 'verdict', 'pass', 'reason', reason, 'atMicros', 5))
                 FROM unnest(?) AS reason)
                 || '[{"step": "admit", "verdict": "pass", "atMicros": 1,
                       "reason": "guard acme/pii detectors[0] email: redact 9, the first at x"}]',
                '[]', 0, 0, 1, 10, 2, 3, 20, 5, '', 1, 'served', '', 200, false, '[]')\
              """)) {
        insert.setObject(1, spool);
        insert.setLong(2, ++seq);
        insert.setObject(3, UUID.randomUUID());
        insert.setObject(4, now.minus(hoursAgo, ChronoUnit.HOURS).atOffset(ZoneOffset.UTC));
        insert.setString(5, tenant);
        insert.setString(6, tenant);
        insert.setArray(7, connection.createArrayOf("text", reasons));
        insert.executeUpdate();
      }
    }
  }

  @Test
  void addsUpALastDayBySideDetectorRuleAndVerdict() {
    Response found = get(OF_ACME);

    assertThat(found.statusCode()).as(found.asString()).isEqualTo(200);
    assertThat(rows(found))
        .containsExactly(
            "input 0 email redact 2 3",
            "input 0 phone would block 1 1",
            "input 2 pattern block 1 3",
            "output 0 email redact 1 7");
    assertThat(found.jsonPath().getLong("itemsLeftOut")).isZero();
    assertThat(
            ChronoUnit.HOURS.between(
                Instant.parse(found.jsonPath().getString("from")),
                Instant.parse(found.jsonPath().getString("to"))))
        .isEqualTo(24);
  }

  @Test
  void countsOtherTimesWhereTheyAreAskedFor() {
    String from = now.minus(40, ChronoUnit.HOURS).toString();

    assertThat(rows(get(OF_ACME + "?from=" + from))).contains("input 0 email redact 3 53");
    assertThat(rows(get(OF_ACME + "?from=" + from + "&to=" + now.minus(5, ChronoUnit.HOURS))))
        .containsExactly("input 0 email redact 1 50");
  }

  @Test
  void countsRequestsOfTheGuardsTenantAndBelowAlone() {
    assertThat(rows(get(OF_HEALTH))).containsExactly("input 1 terms[3] flag 1 4");
    assertThat(rows(as(TestToken.of("hanna")).get(OF_HEALTH)))
        .containsExactly("input 1 terms[3] flag 1 4");
  }

  @Test
  void showsNothingToWhoeverMayNotReadTheGuard() {
    assertThat(as(TestToken.of("hanna")).get(OF_ACME).statusCode()).isEqualTo(404);
    assertThat(as(TestToken.of("leo")).get(OF_HEALTH).statusCode()).isEqualTo(404);
    assertThat(as(TestToken.of("leo")).get(OF_HEALTH).jsonPath().getString("detail"))
        .isEqualTo("Tenant acme-health does not exist");
    assertThat(as(TestToken.of("fin")).get(OF_HEALTH).statusCode()).isEqualTo(403);
    assertThat(get("/tenants/acme/guards/own/findings").jsonPath().getString("detail"))
        .isEqualTo("Guard acme/own does not exist");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=yesterday",
        "to=2026-13-01T00:00:00Z",
        "from=2026-11-01T00:00:00Z&to=2026-11-08T00:00:01Z",
        "from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z"
      })
  void refusesTimesThatAreNone(String query) {
    Response refused = get(OF_ACME + "?" + query);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getString("errors[0].field")).isIn("from", "to");
  }

  private static List<String> rows(Response found) {
    return found.jsonPath().<Map<String, Object>>getList("items").stream()
        .map(row ->
            "%s %s %s %s %s %s"
                .formatted(
                    row.get("side"),
                    row.get("detector"),
                    row.get("rule"),
                    row.get("verdict"),
                    row.get("requests"),
                    row.get("finds")))
        .toList();
  }
}
