package dev.penstock.controlplane.guard;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.as;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.kit.TestToken;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guard is tried on a text, by those who may write it, and nothing of either stays. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class GuardTrialTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/tenants/acme-health/guards/try";
  private static final String EMAIL =
      "{\"on\": [\"input\", \"output\"], \"detectors\":"
          + " [{\"type\": \"pii\", \"entities\": [\"email\"], \"action\": \"ACTION\"}]}";
  private static final String REDACT = EMAIL.replace("ACTION", "redact");
  private static final String TEXT = "write to bob@acme.example, now";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void tellsWhatItFindsWhatGoesOnAndWhatWaits() throws IOException {
    Response tried = tryIt(admin(), body(REDACT, TEXT));

    assertThat(tried.statusCode()).as(tried.asString()).isEqualTo(200);
    assertThat(tried.header("Cache-Control")).isEqualTo("no-store");
    assertThat(tried.jsonPath().getList("on")).isEqualTo(List.of("input", "output"));
    assertThat(tried.jsonPath().getList("finds"))
        .isEqualTo(
            List.of(
                Map.of(
                    "detector",
                    0,
                    "type",
                    "pii",
                    "rule",
                    "email",
                    "action",
                    "redact",
                    "start",
                    9,
                    "end",
                    25)));
    assertThat(tried.jsonPath().getInt("findsLeftOut")).isZero();
    assertThat(tried.jsonPath().getString("whole.text")).isEqualTo("write to [EMAIL], now");
    assertThat(leaves(tried)).isEqualTo("write to [EMAIL], now");
    assertThat(tried.asString()).doesNotContain("bob").doesNotContain("acme.example");
    assertThat(tried.jsonPath().getList("stream.pieces.start", Integer.class))
        .startsWith(0, 4, 8)
        .endsWith(28, 30);
    assertThat(tried.jsonPath().getList("stream.pieces.waiting", Integer.class))
        .endsWith(0)
        .anyMatch(waiting -> waiting >= 16);
    assertThat(tried.jsonPath().getInt("stream.mostWaiting")).isBetween(16, 24);
  }

  @Test
  void blocksTheTextAndTheStreamBeforeAnythingOfTheFindHasLeft() throws IOException {
    Response tried = tryIt(admin(), body(EMAIL.replace("ACTION", "block"), TEXT));

    assertThat(tried.jsonPath().getString("whole.text")).isNull();
    assertThat(tried.jsonPath().getInt("whole.blocked.detector")).isZero();
    assertThat(tried.jsonPath().getString("whole.blocked.reason"))
        .isEqualTo("Detector 0 (email) found something at character 10.");
    assertThat(tried.jsonPath().getString("stream.blocked.reason"))
        .isEqualTo("Detector 0 (email) found something at character 10.");
    assertThat("write to ").startsWith(leaves(tried));
    assertThat(tried.jsonPath().getList("stream.pieces.start", Integer.class)).doesNotContain(30);
  }

  @Test
  void letsNothingWaitForWhatIsOnlyFlagged() throws IOException {
    Response tried = tryIt(admin(), body(EMAIL.replace("ACTION", "flag"), TEXT));

    assertThat(tried.jsonPath().getString("whole.text")).isEqualTo(TEXT);
    assertThat(leaves(tried)).isEqualTo(TEXT);
    assertThat(tried.jsonPath().getList("finds.rule")).isEqualTo(List.of("email"));
    assertThat(tried.jsonPath().getInt("stream.mostWaiting")).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 64, 100, 1000})
  void comesToTheSameInPiecesOfAnyLength(int pieceLength) throws IOException {
    String text = ("Hi 😀😀 " + TEXT + " 😀, and " + "words ".repeat(30)).repeat(4);

    Response tried = tryIt(admin(), body(REDACT, text).put("pieceLength", pieceLength));

    assertThat(tried.statusCode()).as(tried.asString()).isEqualTo(200);
    assertThat(tried.jsonPath().getString("whole.text"))
        .isEqualTo(text.replace("bob@acme.example", "[EMAIL]"));
    assertThat(leaves(tried)).isEqualTo(tried.jsonPath().getString("whole.text"));
    assertThat(tried.jsonPath().getList("finds")).hasSize(4);
  }

  @Test
  void keepsJsonJsonInAStream() throws IOException {
    String pattern =
        "{\"on\": [\"output\"], \"detectors\":"
            + " [{\"type\": \"pattern\", \"pattern\": \"[0-9]{6}\", \"action\": \"redact\"}]}";

    Response tried = tryIt(admin(), body(pattern, "{\"account\": 123456}"));

    assertThat(leaves(tried)).isEqualTo("{\"account\": \"[PATTERN]\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                | 422 | spec, text
          {"spec": {}, "text": "x"}                         | 422 | spec.on, spec.detectors
          {"spec": 1, "text": "x"}                          | 422 | spec
          {"spec": SPEC, "text": 1}                         | 422 | text
          {"spec": SPEC, "text": "\\ud83d"}                 | 422 | text
          {"spec": SPEC, "text": "x", "pieceLength": 0}     | 422 | pieceLength
          {"spec": SPEC, "text": "x", "pieceLength": 1001}  | 422 | pieceLength
          {"spec": SPEC, "text": "x", "pieceLength": "4"}   | 422 | pieceLength
          {"spec": SPEC, "text": "x", "guard": "mine"}      | 422 | guard
          {"spec": {"on": ["input"], "detectors": [{"type": "pattern", "pattern": "(", "action": "flag"}]}, "text": "x"} | 422 | spec.detectors[0].pattern
          {"spec": {"on": ["input"], "detectors": [{"type": "size", "maxCharacters": 9, "action": "redact"}]}, "text": "x"} | 422 | spec.detectors[0].action
          ["canary"]                                        | 400 | body
          {"text": "canary                                  | 400 | body
          """)
  void refusesWhatItCannotTryByField(String body, int status, String fields) {
    Response refused = tryIt(admin(), body.replace("SPEC", REDACT));

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(status);
    assertThat(String.join(", ", refused.jsonPath().getList("errors.field", String.class)))
        .isEqualTo(fields);
    assertThat(refused.asString()).doesNotContain("canary");
  }

  @Test
  void takes64KibAndNoMore() throws IOException {
    assertThat(tryIt(admin(), body(REDACT, "x y ".repeat(16_384))).statusCode()).isEqualTo(200);

    Response longer = tryIt(admin(), body(REDACT, "x y ".repeat(16_384) + "z"));
    Response shorterPieces =
        tryIt(admin(), body(REDACT, "x y ".repeat(16_384)).put("pieceLength", 3));

    assertThat(longer.jsonPath().getString("errors[0].detail"))
        .isEqualTo("has 65537 bytes (expected: at most 65536)");
    assertThat(shorterPieces.jsonPath().getString("errors[0].detail"))
        .contains("expected: at most 16384, so a pieceLength of 4 or more");
  }

  @Test
  void saysThatPatternsWouldTakeTooLong() throws IOException {
    String costly =
        "{\"on\": [\"input\"], \"detectors\":"
            + " [{\"type\": \"pattern\", \"pattern\": \"a.*b|a\", \"action\": \"redact\"}]}";

    Response refused = tryIt(admin(), body(costly, "a".repeat(65_536)));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getString("errors[0].field")).isEqualTo("text");
    assertThat(refused.jsonPath().getString("detail")).contains("patterns would take too long");
  }

  @Test
  void isForThoseWhoMayWriteTheTenantsGuards() throws IOException {
    member("acme-health", "hanna", "tenant-admin");
    member("acme-health", "dora", "tenant-developer");
    member("acme", "otto", "tenant-admin");
    ObjectNode body = body(REDACT, TEXT);

    assertThat(tryIt(as(TestToken.of("hanna")), body).statusCode()).isEqualTo(200);
    assertThat(tryIt(as(TestToken.of("otto")), body).statusCode()).isEqualTo(200);
    assertThat(tryIt(as(TestToken.of("dora")), body).statusCode()).isEqualTo(403);
    assertThat(tryIt(as(TestToken.of("nobody")), body).statusCode()).isEqualTo(404);
    assertThat(tryIt(as(TestToken.of("audrey").roles("security-auditor")), body).statusCode())
        .isEqualTo(403);
    assertThat(
            given()
                .basePath("/api/v1")
                .contentType("application/json")
                .body(body.toString())
                .post(PATH)
                .statusCode())
        .isEqualTo(401);
    for (String elsewhere : List.of("acme", "no-such-tenant")) {
      Response hidden =
          as(TestToken.of("hanna"))
              .contentType("application/json")
              .body(body.toString())
              .post("/tenants/" + elsewhere + "/guards/try");
      assertThat(hidden.statusCode()).isEqualTo(404);
      assertThat(hidden.jsonPath().getString("detail"))
          .isEqualTo("Tenant " + elsewhere + " does not exist");
    }
    assertThat(
            admin()
                .contentType("application/json")
                .body(body.toString())
                .post("/tenants/no-such-tenant/guards/try")
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void keepsNothingWhateverBecomesOfIt() throws IOException, SQLException {
    member("acme-health", "dora", "tenant-developer");
    List<Long> before = stored();

    tryIt(admin(), body(REDACT, "canary bob@acme.example"));
    tryIt(admin(), body("{\"on\": []}", "canary bob@acme.example"));
    tryIt(as(TestToken.of("dora")), body(REDACT, "canary bob@acme.example"));

    assertThat(stored()).isEqualTo(before);
  }

  /** Everything that a request of the admin API can leave behind. */
  private static List<Long> stored() throws SQLException {
    List<Long> counts = new ArrayList<>();
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      for (String table :
          List.of(
              "policy.guard",
              "policy.revision",
              "policy.resource_change",
              "policy.idempotency_key",
              "audit.event")) {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
          row.next();
          counts.add(row.getLong(1));
        }
      }
    }
    return counts;
  }

  @Test
  void hidesNoGuardOfThatName() {
    assertThat(
            apply(
                    """
                    apiVersion: penstock.dev/v1
                    kind: Guard
                    metadata: { tenant: acme-health, name: try }
                    spec: { on: [input], detectors: [{ type: secrets, action: block }] }
                    """)
                .statusCode())
        .isEqualTo(200);

    assertThat(get(PATH).jsonPath().getString("metadata.name")).isEqualTo("try");
    assertThat(delete(PATH).statusCode()).isEqualTo(204);
  }

  private static String leaves(Response tried) {
    return String.join("", tried.jsonPath().getList("stream.pieces.leaves", String.class));
  }

  private static ObjectNode body(String spec, String text) throws IOException {
    ObjectNode body = JSON.createObjectNode();
    body.set("spec", JSON.readTree(spec));
    return body.put("text", text);
  }

  private static Response tryIt(RequestSpecification who, ObjectNode body) {
    return tryIt(who, body.toString());
  }

  private static Response tryIt(RequestSpecification who, String body) {
    return who.contentType("application/json").body(body).post(PATH);
  }

  private static void member(String tenant, String name, String role) {
    Response applied =
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Member
            metadata: { tenant: %1$s, name: %2$s }
            spec: { subject: %2$s, roles: [%3$s] }
            """
                .formatted(tenant, name, role));
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);
  }
}
