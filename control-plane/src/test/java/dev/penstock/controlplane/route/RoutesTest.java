package dev.penstock.controlplane.route;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
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
class RoutesTest {

  private static final String SPEC =
      "{model: quick, groups: [[{deployment: assistant-eu, weight: 90}, {deployment: copilot-us, weight:"
          + " 10}], [{deployment: assistant-us}]], timeouts: {connect: 500ms, firstToken: 10s, idle: 1m,"
          + " total: 10m}, retry: {attempts: 2, on: [connect, first-token-timeout, '429', 5xx]}, unsupportedFields: drop}";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void showsWhatWasStatedAndTakesItAgain() {
    assertThat(applyRoute("acme", "fast", SPEC).statusCode()).isEqualTo(200);

    Response shown = get("/tenants/acme/routes/fast");

    assertThat(shown.jsonPath().getMap("spec"))
        .isEqualTo(
            Map.of(
                "model",
                "quick",
                "groups",
                List.of(
                    List.of(
                        Map.of("deployment", "assistant-eu", "weight", 90),
                        Map.of("deployment", "copilot-us", "weight", 10)),
                    List.of(Map.of("deployment", "assistant-us", "weight", 100))),
                "timeouts",
                Map.of("connect", "500ms", "firstToken", "10s", "idle", "1m", "total", "10m"),
                "retry",
                Map.of(
                    "attempts", 2, "on", List.of("429", "5xx", "connect", "first-token-timeout")),
                "unsupportedFields",
                "drop",
                "afterFirstToken",
                "fail"));
    Response planned = post("/plan", "[" + shown.asString() + "]");
    assertThat(planned.jsonPath().getList("changes.action")).isEqualTo(List.of("unchanged"));
  }

  @Test
  void letsAllowListsAndKeysNameItsModel() {
    String allow = "{models: {allow: [assistant, quick]}}";
    assertThat(apply(manifest("Policy", "acme", "default", allow)).statusCode()).isEqualTo(422);
    assertThat(applyRoute("acme", "fast", SPEC).statusCode()).isEqualTo(200);

    assertThat(apply(manifest("Policy", "acme", "default", allow)).statusCode()).isEqualTo(200);
    assertThat(apply(manifest("ApiKey", "acme", "quick", "{models: [quick]}")).statusCode())
        .isEqualTo(200);

    Response refused = delete("/tenants/acme/routes/fast");
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(409);
  }

  @Test
  void keepsADeploymentThatItNeeds() {
    assertThat(
            applyRoute("acme", "fast", "{model: quick, groups: [[{deployment: copilot-us}]]}")
                .statusCode())
        .isEqualTo(200);

    assertThat(apply(manifest("Model", "", "copilot", "{}")).statusCode()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {groups: [[{deployment: assistant-eu}]]}                                                     | spec.model
          {model: quick}                                                                               | spec.groups
          {model: quick, groups: []}                                                                   | spec.groups
          {model: quick, groups: [[]]}                                                                 | spec.groups[0]
          {model: quick, groups: [{deployment: assistant-eu}]}                                         | spec.groups[0]
          {model: quick, groups: [[assistant-eu]]}                                                     | spec.groups[0][0]
          {model: quick, groups: [[{deployment: nope}]]}                                               | spec.groups[0][0].deployment
          {model: quick, groups: [[{deployment: assistant-eu}], [{deployment: assistant-eu}]]}         | spec.groups[1][0].deployment
          {model: quick, groups: [[{deployment: assistant-eu, weight: -1}]]}                           | spec.groups[0][0].weight
          {model: quick, groups: [[{deployment: assistant-eu, share: 1}]]}                             | spec.groups[0][0].share
          {model: quick, groups: [[{deployment: assistant-eu}]], timeouts: {connect: soon}}            | spec.timeouts.connect
          {model: quick, groups: [[{deployment: assistant-eu}]], timeouts: {connect: 1ms}}             | spec.timeouts.connect
          {model: quick, groups: [[{deployment: assistant-eu}]], timeouts: {total: 2d}}                | spec.timeouts.total
          {model: quick, groups: [[{deployment: assistant-eu}]], timeouts: {firstToken: 500ms}}        | spec.timeouts.firstToken
          {model: quick, groups: [[{deployment: assistant-eu}]], timeouts: {read: 1s}}                 | spec.timeouts.read
          {model: quick, groups: [[{deployment: assistant-eu}]], retry: {attempts: 0}}                 | spec.retry.attempts
          {model: quick, groups: [[{deployment: assistant-eu}]], retry: {on: [always]}}                | spec.retry.on
          {model: quick, groups: [[{deployment: assistant-eu}]], afterFirstToken: resume}              | spec.afterFirstToken
          {model: quick, groups: [[{deployment: assistant-eu}]], unsupportedFields: ignore}            | spec.unsupportedFields
          {model: quick, groups: [[{deployment: assistant-eu}]], canary: 5}                            | spec.canary
          """)
  void namesTheField(String spec, String field) {
    Response refused = applyRoute("acme", "fast", spec);

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field")).contains("items[0]." + field);
    assertThat(get("/tenants/acme/routes/fast").statusCode()).isEqualTo(404);
  }

  @Test
  void isNoneOfAnotherTenantsBusiness() {
    String spec = "{model: quick, groups: [[{deployment: assistant-eu}]]}";
    assertThat(applyRoute("acme-health", "fast", spec).statusCode()).isEqualTo(200);

    Response refused = apply(manifest("ApiKey", "acme", "quick", "{models: [quick]}"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field")).contains("items[0].spec.models");
    assertThat(apply(manifest("ApiKey", "acme-health", "quick", "{models: [quick]}")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void hasOneRouteAModel() {
    String spec = "{model: quick, groups: [[{deployment: assistant-eu}]]}";
    assertThat(applyRoute("acme", "fast", spec).statusCode()).isEqualTo(200);

    Response refused = applyRoute("acme", "faster", spec);

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field")).contains("items[0].spec.model");
    assertThat(applyRoute("acme-health", "fast", spec).statusCode()).isEqualTo(200);
  }

  private static Response applyRoute(String tenant, String name, String spec) {
    return apply(manifest("Route", tenant, name, spec));
  }

  private static String manifest(String kind, String tenant, String name, String spec) {
    String owner = tenant.isEmpty() ? "" : "tenant: " + tenant + ", ";
    return "apiVersion: penstock.dev/v1\nkind: %s\nmetadata: { %sname: %s }\nspec: %s\n"
        .formatted(kind, owner, name, spec);
  }
}
