package dev.penstock.controlplane.apikey;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.kernel.apikey.ApiKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class KeyRotationTest {

  private static final String KEY = "/tenants/acme-health/api-keys/support-assistant";

  @Inject DataSource database;

  private String first = "";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    first = id(apply(company()).jsonPath().getString("keys[0].key"));
  }

  @Test
  void givesTheNameToANewKeyAndLetsTheOldOneLiveOn() {
    Instant before = Instant.now();

    Response rotated = post(KEY + "/rotate?overlap=15m", "");

    assertThat(rotated.statusCode()).as(rotated.asString()).isEqualTo(200);
    assertThat(rotated.jsonPath().getList("changes.action")).isEqualTo(List.of("rotated"));
    String second = id(rotated.jsonPath().getString("keys[0].key"));
    assertThat(second).isNotEqualTo(first);
    Response keys = get(KEY + "/keys");
    assertThat(keys.jsonPath().getList("keys.id")).isEqualTo(List.of(second, first));
    assertThat(keys.jsonPath().getList("keys.superseded")).isEqualTo(List.of(false, true));
    assertThat(keys.jsonPath().getString("keys[0].expiresAt")).isEqualTo("2027-01-01T00:00:00Z");
    assertThat(Instant.parse(keys.jsonPath().getString("keys[1].expiresAt")))
        .isBetween(before.plus(Duration.ofMinutes(14)), Instant.now().plus(Duration.ofMinutes(16)));
  }

  @Test
  void keepsWhatTheKeyMay() {
    Map<String, Object> before = get(KEY).jsonPath().getMap("spec");

    assertThat(post(KEY + "/rotate", "").statusCode()).isEqualTo(200);

    assertThat(get(KEY).jsonPath().getMap("spec")).isEqualTo(before);
    assertThat(apply(company()).jsonPath().getList("changes.action")).containsOnly("unchanged");
    assertThat(get("/tenants/acme-health/api-keys").jsonPath().getList("items")).hasSize(1);
  }

  @Test
  void neverGivesAnOldKeyMoreTimeThanItHad() {
    post(KEY + "/rotate?overlap=15m", "");
    post(KEY + "/rotate?overlap=30d", "");

    Response keys = get(KEY + "/keys");

    assertThat(keys.jsonPath().getList("keys.superseded")).isEqualTo(List.of(false, true, true));
    assertThat(Instant.parse(keys.jsonPath().getString("keys[2].expiresAt")))
        .isBefore(Instant.now().plus(Duration.ofHours(1)));
  }

  @Test
  void endsWhatWasReplacedBeforeWithAShortOverlapToo() {
    post(KEY + "/rotate?overlap=30d", "");
    post(KEY + "/rotate?overlap=0s", "");

    assertThat(get(KEY + "/keys").jsonPath().getList("keys.expiresAt", String.class).subList(1, 3))
        .allSatisfy(end -> assertThat(Instant.parse(end)).isBeforeOrEqualTo(Instant.now()));
  }

  @Test
  void bindsWhatWasReplacedByWhatTheNameIsNarrowedTo() {
    post(KEY + "/rotate?overlap=30d", "");
    String narrow =
        get(KEY)
            .asString()
            .replaceAll("\"expiresAt\":\"[^\"]*\"", "\"expiresAt\":\"2026-12-01T00:00:00Z\"");

    assertThat(apply(narrow).statusCode()).isEqualTo(200);

    assertThat(get(KEY + "/keys").jsonPath().getList("keys.expiresAt", String.class))
        .containsExactly("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z");
  }

  @Test
  void revokesWhatTheNameHadToo() {
    post(KEY + "/rotate", "");

    assertThat(delete(KEY).statusCode()).isEqualTo(204);

    assertThat(get(KEY + "/keys").statusCode()).isEqualTo(404);
    assertThat(delete("/tenants/acme-health/api-keys/support-assistant").statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"31d", "soon", "-1s", "1.5h"})
  void refusesAnOverlapThatIsNone(String overlap) {
    Response refused = post(KEY + "/rotate?overlap=" + overlap, "");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of("overlap"));
    assertThat(get(KEY + "/keys").jsonPath().getList("keys")).hasSize(1);
  }

  @Test
  void knowsWhatItCannotRotate() {
    assertThat(post("/tenants/acme-health/api-keys/nope/rotate", "").statusCode()).isEqualTo(404);
    assertThat(post("/tenants/nobody/api-keys/nope/rotate", "").statusCode()).isEqualTo(404);
  }

  @Test
  void tellsOfTheLastUseAndOnlyForward() throws SQLException {
    Instant use = Instant.parse("2026-11-24T10:00:00Z");
    note(use);
    note(use.minusSeconds(60));

    assertThat(get(KEY + "/keys").jsonPath().getString("keys[0].lastUsedAt"))
        .isEqualTo(use.toString());
  }

  private void note(Instant at) throws SQLException {
    try (Connection connection = database.getConnection()) {
      KeyUse.note(connection, Map.of(first, at));
    }
  }

  private static String id(String key) {
    return ApiKey.parse(key).orElseThrow().id();
  }
}
