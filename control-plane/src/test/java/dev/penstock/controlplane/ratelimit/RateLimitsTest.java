package dev.penstock.controlplane.ratelimit;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.plan;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class RateLimitsTest {

  private static final String SPEC =
      "{scope: {model: assistant}, requestsPerMinute: 600, tokensPerMinute: 400000, concurrentStreams: 100}";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void showsWhatWasStatedAndTakesItAgain() {
    assertThat(limit("acme", "all", SPEC).statusCode()).isEqualTo(200);

    Response shown = get("/tenants/acme/rate-limits/all");

    assertThat(shown.jsonPath().getMap("spec"))
        .isEqualTo(
            Map.of(
                "scope",
                Map.of("model", "assistant"),
                "requestsPerMinute",
                600,
                "tokensPerMinute",
                400_000,
                "concurrentStreams",
                100));
    Response planned = post("/plan", "[" + shown.asString() + "]");
    assertThat(planned.jsonPath().getList("changes.action")).isEqualTo(List.of("unchanged"));
    assertThat(get("/tenants/acme/rate-limits?scope.model=assistant").jsonPath().getList("items"))
        .hasSize(1);
    assertThat(delete("/tenants/acme/rate-limits/all").statusCode()).isEqualTo(204);
    assertThat(get("/tenants/acme/rate-limits").jsonPath().getList("items")).isEmpty();
  }

  @Test
  void bindsWhoeverIsBelowAndIsExplained() {
    limit("acme", "all", "{requestsPerMinute: 600}");
    limit("acme-health", "own", "{concurrentStreams: 5}");
    assertThat(apply(manifest("Policy", "acme-health", "default", "{mode: observe}")).statusCode())
        .isEqualTo(200);

    List<Map<String, Object>> limits =
        get("/tenants/acme-health/effective-policy").jsonPath().getList("rateLimits");

    assertThat(limits)
        .isEqualTo(
            List.of(
                Map.of(
                    "scope",
                    Map.of(),
                    "requestsPerMinute",
                    600,
                    "from",
                    List.of(Map.of("kind", "RateLimit", "tenant", "acme", "name", "all"))),
                Map.of(
                    "scope",
                    Map.of(),
                    "concurrentStreams",
                    5,
                    "observed",
                    true,
                    "from",
                    List.of(Map.of("kind", "RateLimit", "tenant", "acme-health", "name", "own")))));
    assertThat(get("/tenants/acme/effective-policy").jsonPath().getList("rateLimits")).hasSize(1);
  }

  @Test
  void saysWhatAChangeMeans() {
    limit("acme", "all", "{requestsPerMinute: 600}");

    Response changed =
        plan(manifest("RateLimit", "acme", "all", "{requestsPerMinute: 60, concurrentStreams: 3}"));

    assertThat(changed.jsonPath().getList("impact.sentences"))
        .isEqualTo(
            List.of(
                "rate limit acme/all now allows 60 requests a minute, 3 at the same time"
                    + " (was: 600 requests a minute)"));
    assertThat(changed.jsonPath().getInt("impact.tenants")).isEqualTo(2);
  }

  @Test
  void keepsTheNumberOnAPathInBounds() {
    for (int i = 0; i < 16; i++) {
      assertThat(limit("acme", "l" + i, "{requestsPerMinute: 600}").statusCode()).isEqualTo(200);
    }

    Response refused = limit("acme-health", "one-more", "{requestsPerMinute: 600}");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString())
        .contains("17 rate limits would bind requests of acme-health (expected: at most 16)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                       | spec.requestsPerMinute
          {requestsPerMinute: 0}                                   | spec.requestsPerMinute
          {requestsPerMinute: -5}                                  | spec.requestsPerMinute
          {requestsPerMinute: 100000001}                           | spec.requestsPerMinute
          {tokensPerMinute: many}                                  | spec.tokensPerMinute
          {concurrentStreams: 1.5}                                 | spec.concurrentStreams
          {requestsPerMinute: 1, burst: 2}                         | spec.burst
          {requestsPerMinute: 1, scope: {model: nope}}             | spec.scope.model
          {requestsPerMinute: 1, scope: {apiKey: nope}}            | spec.scope.apiKey
          {requestsPerMinute: 1, scope: {subject: alice}}          | spec.scope.subject
          """)
  void namesTheFieldThatIsWrong(String spec, String field) {
    Response refused = limit("acme", "all", spec);

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field", String.class))
        .as(refused.asString())
        .anyMatch(named -> named.endsWith(field));
    assertThat(get("/tenants/acme/rate-limits").jsonPath().getList("items")).isEmpty();
  }

  private static Response limit(String tenant, String name, String spec) {
    return apply(manifest("RateLimit", tenant, name, spec));
  }

  private static String manifest(String kind, String tenant, String name, String spec) {
    return """
    apiVersion: penstock.dev/v1
    kind: %s
    metadata: { tenant: %s, name: %s }
    spec: %s
    """
        .formatted(kind, tenant, name, spec);
  }
}
