package dev.penstock.controlplane.admin;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.plan;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static dev.penstock.controlplane.kit.AdminClient.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody overwrites what they have not seen. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class ConditionsTest {

  private static final String REGION = "/regions/eu-west";
  private static final String SECRET = "/tenants/acme/secrets/openai-eu";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void tagsWhatItShows() {
    // Given
    String tag = get(REGION).header("ETag");

    // When
    Response changed = put(REGION, get(REGION).asString().replace("\"EU\"", "\"DE\""));

    // Then
    assertThat(tag).matches("\"[A-Za-z0-9_-]{24}\"");
    assertThat(changed.header("ETag")).isNotEqualTo(tag);
    assertThat(get(REGION).header("ETag")).isEqualTo(changed.header("ETag"));
    Response back = put(REGION, get(REGION).asString().replace("\"DE\"", "\"EU\""));
    assertThat(back.header("ETag")).isEqualTo(tag);
    assertThat(post("/tenants/acme/api-keys", apiKey("fresh")).header("ETag"))
        .isEqualTo(get("/tenants/acme/api-keys/fresh").header("ETag"));
  }

  @Test
  void tagsWhatItDoesNotShow() {
    // Given
    String secret = get(SECRET).header("ETag");
    post("/tenants/acme/api-keys", apiKey("renewed"));
    String key = get("/tenants/acme/api-keys/renewed").header("ETag");

    // When
    put(
        SECRET,
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Secret", "metadata": {"name": "openai-eu"},
         "spec": {"regions": ["eu-west"], "value": {"literal": "sk-eu-rotated"}}}\
        """);
    delete("/tenants/acme/api-keys/renewed");
    post("/tenants/acme/api-keys", apiKey("renewed"));

    // Then
    assertThat(get(SECRET).header("ETag")).isNotEqualTo(secret);
    assertThat(get("/tenants/acme/api-keys/renewed").header("ETag")).isNotEqualTo(key);
  }

  @Test
  void refusesToReplaceWhatTheCallerHasNotSeen() {
    // Given
    String manifest = get(REGION).asString();

    // When
    Response unstated = admin().contentType("application/json").body(manifest).put(REGION);

    // Then
    assertThat(unstated.statusCode()).isEqualTo(428);
    assertThat(unstated.contentType()).isEqualTo("application/problem+json");
    assertThat(unstated.jsonPath().getList("errors.field")).isEqualTo(List.of("If-Match"));
    assertThat(unstated.jsonPath().getString("errors[0].detail")).contains("send its ETag back");
  }

  @Test
  void refusesToReplaceWhatHasChangedSince() {
    // Given
    String seen = get(REGION).header("ETag");
    String mine = get(REGION).asString().replace("\"EU\"", "\"FR\"");
    Response theirs = put(REGION, get(REGION).asString().replace("\"EU\"", "\"DE\""));

    // When
    Response stale = put(REGION, mine, seen);

    // Then
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(stale.jsonPath().getList("errors.field")).isEqualTo(List.of("If-Match"));
    assertThat(stale.jsonPath().getString("errors[0].detail")).contains(theirs.header("ETag"));
    assertThat(get(REGION).asString()).contains("\"DE\"");
    assertThat(put(REGION, mine, "W/" + theirs.header("ETag")).statusCode()).isEqualTo(412);
    assertThat(put(REGION, mine, seen + ", " + theirs.header("ETag")).statusCode()).isEqualTo(200);
    assertThat(put(REGION, mine, "*").statusCode()).isEqualTo(200);
  }

  @Test
  void deletesWithoutAConditionAndHonoursOne() {
    // Given
    String path = "/tenants/acme-health/api-keys/support-assistant";

    // When
    Response stale = admin().header("If-Match", "\"other\"").delete(path);

    // Then
    assertThat(stale.statusCode()).isEqualTo(412);
    assertThat(get(path).statusCode()).isEqualTo(200);
    assertThat(delete(path).statusCode()).isEqualTo(204);
  }

  @Test
  void tellsAReaderThatItHasTheNewest() {
    // Given
    String tag = get(REGION).header("ETag");

    // When
    Response known = admin().header("If-None-Match", "W/" + tag + ", \"x\"").get(REGION);

    // Then
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(known.header("ETag")).isEqualTo(tag);
    assertThat(known.asString()).isEmpty();
    assertThat(admin().header("If-None-Match", "\"x\"").get(REGION).statusCode()).isEqualTo(200);
  }

  @Test
  void carriesOutAPlanOnlyOnTheStateItWasMadeOn() {
    // Given
    String region = "apiVersion: penstock.dev/v1\nkind: Region\nmetadata: { name: ap-south }\n";
    String planned = plan(region).header("ETag");
    apply("apiVersion: penstock.dev/v1\nkind: Region\nmetadata: { name: us-west }\n");

    // When
    Response late =
        admin()
            .header("If-Match", planned)
            .contentType("application/yaml")
            .body(region)
            .post("/apply");

    // Then
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(get("/regions/ap-south").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unquoted", "\"a\" \"b\"", "\"a", "*, \"a\""})
  void refusesConditionsThatAreNone(String header) {
    Response refused = put(REGION, get(REGION).asString(), header);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of("If-Match"));
  }

  private static String apiKey(String name) {
    return """
    {"apiVersion": "penstock.dev/v1", "kind": "ApiKey", "metadata": {"name": "%s"}, "spec": {}}\
    """
        .formatted(name);
  }
}
