package dev.penstock.controlplane.admin;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.kernel.apikey.ApiKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A write that is sent twice happens once. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class IdempotencyTest {

  private static final String KEYS = "/tenants/acme-health/api-keys";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void answersARepetitionWithTheFirstAnswer() {
    // Given
    Response first = create("k-1", region("ap-south"), "/regions");

    // When
    Response second = create("k-1", region("ap-south"), "/regions");

    // Then
    assertThat(first.statusCode()).as(first.asString()).isEqualTo(201);
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.asString()).isEqualTo(first.asString());
    for (String header : List.of("ETag", "x-penstock-revision", "Cache-Control")) {
      assertThat(second.header(header)).as(header).isEqualTo(first.header(header));
    }
    assertThat(first.header("idempotency-replayed")).isNull();
    assertThat(second.header("idempotency-replayed")).isEqualTo("true");
    assertThat(create("k-2", region("ap-south"), "/regions").statusCode()).isEqualTo(409);
  }

  @Test
  void keepsNoApiKey() throws SQLException {
    // Given
    Response first = create("k-1", apiKey("batch"), KEYS);
    String key = first.jsonPath().getString("key");

    // When
    Response second = create("k-1", apiKey("batch"), KEYS);

    // Then
    assertThat(ApiKey.parse(key)).isPresent();
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.asString()).doesNotContain("pens_");
    assertThat(second.jsonPath().getString("keyWithheld")).startsWith("shown once");
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT t::text FROM policy.idempotency_key t")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).contains("batch").doesNotContain("pens_");
    }
  }

  @Test
  void makesOneJoinTokenAndKeepsItNot() {
    // Given
    String wanted = "{\"region\": \"eu-west\", \"node\": \"idempotent\"}";
    Response first = create("k-1", wanted, "/join-tokens");

    // When
    Response second = create("k-1", wanted, "/join-tokens");

    // Then
    assertThat(first.statusCode()).as(first.asString()).isEqualTo(201);
    assertThat(ApiKey.parse(first.jsonPath().getString("token"))).isPresent();
    assertThat(first.asString()).doesNotContain("tokenWithheld");
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.header("idempotency-replayed")).isEqualTo("true");
    assertThat(second.asString()).doesNotContain("pens_");
    assertThat(second.jsonPath().getString("tokenWithheld")).contains("delete this join token");
    assertThat(second.jsonPath().getString("id")).isEqualTo(first.jsonPath().getString("id"));
    assertThat(get("/join-tokens?node=idempotent").jsonPath().getList("items")).hasSize(1);
    assertThat(create("k-1", "{\"region\": \"us-east\"}", "/join-tokens").statusCode())
        .isEqualTo(422);
  }

  @Test
  void keepsNoApiKeyOfAnApply() {
    // Given
    String manifests =
        "[" + apiKey("batch").replace("\"name\"", "\"tenant\":\"acme\",\"name\"") + "]";
    Response first = create("k-1", manifests, "/apply");

    // When
    Response second = create("k-1", manifests, "/apply");

    // Then
    assertThat(first.jsonPath().getString("keys[0].key")).startsWith("pens_");
    assertThat(second.asString()).doesNotContain("pens_");
    assertThat(second.jsonPath().getString("keys[0].name")).isEqualTo("batch");
    assertThat(second.jsonPath().getString("keys[0].keyWithheld")).startsWith("shown once");
    assertThat(second.jsonPath().getLong("revision"))
        .isEqualTo(first.jsonPath().getLong("revision"));
  }

  @Test
  void refusesAKeyThatWasUsedForSomethingElse() {
    // Given
    create("k-1", region("ap-south"), "/regions");

    // When
    Response other = create("k-1", region("ap-north"), "/regions");

    // Then
    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(other.jsonPath().getList("errors.field")).isEqualTo(List.of("Idempotency-Key"));
    assertThat(get("/regions/ap-north").statusCode()).isEqualTo(404);
  }

  @Test
  void judgesARefusedWriteAnew() {
    // Given
    String child =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Tenant", "metadata": {"name": "child"},
         "spec": {"parent": "parent"}}\
        """;
    assertThat(create("k-1", child, "/tenants").statusCode()).isEqualTo(422);
    apply(
        "apiVersion: penstock.dev/v1\nkind: Tenant\nmetadata: {name: parent}\nspec: {parent: acme}");

    // When
    Response again = create("k-1", child, "/tenants");

    // Then
    assertThat(again.statusCode()).as(again.asString()).isEqualTo(201);
    assertThat(again.header("idempotency-replayed")).isNull();
  }

  @Test
  void forgetsAfterADay() throws SQLException {
    // Given
    create("k-1", region("ap-south"), "/regions");
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE policy.idempotency_key SET created_at = created_at - interval '25 hours'");
    }

    // When
    Response later = create("k-1", region("ap-north"), "/regions");

    // Then
    assertThat(later.statusCode()).isEqualTo(201);
  }

  @Test
  void doesOneOfManyAtOnce() throws Exception {
    // Given
    List<Response> answers = new ArrayList<>();

    // When
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<Response>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(callers.submit(() -> create("k-1", apiKey("batch"), KEYS)));
      }
      for (Future<Response> call : calls) {
        answers.add(call.get());
      }
    }

    // Then
    assertThat(answers).extracting(Response::statusCode).containsOnly(201);
    assertThat(answers.stream().filter(a -> a.asString().contains("pens_"))).hasSize(1);
    assertThat(answers.stream().map(a -> a.header("x-penstock-revision")).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"has space", "käse"})
  void refusesKeysThatAreNone(String key) {
    Response refused = create(key, region("ap-south"), "/regions");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of("Idempotency-Key"));
  }

  @Test
  void refusesAKeyForADryRun() {
    Response refused = create("k-1", region("ap-south"), "/regions?dryRun=true");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of("Idempotency-Key"));
  }

  private static Response create(String key, String body, String path) {
    return admin()
        .header("Idempotency-Key", key)
        .contentType("application/json")
        .body(body)
        .post(path);
  }

  private static String region(String name) {
    return """
    {"apiVersion": "penstock.dev/v1", "kind": "Region", "metadata": {"name": "%s"}, "spec": {}}\
    """
        .formatted(name);
  }

  private static String apiKey(String name) {
    return """
    {"apiVersion": "penstock.dev/v1", "kind": "ApiKey", "metadata": {"name": "%s"}, "spec": {}}\
    """
        .formatted(name);
  }
}
