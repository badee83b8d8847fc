package dev.penstock.controlplane.policy;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
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

/** HIPAA mode as it is stated, shown and planned. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class HipaaTest {

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void showsWhatWasStatedAndTakesItAgain() {
    assertThat(policy("acme-health", "{hipaa: true, content: {store: none}}").statusCode())
        .isEqualTo(200);

    Response shown = get("/tenants/acme-health/policies/default");

    assertThat(shown.jsonPath().getBoolean("spec.hipaa")).isTrue();
    assertThat(post("/plan", "[" + shown.asString() + "]").jsonPath().getList("changes.action"))
        .isEqualTo(List.of("unchanged"));
    assertThat(get("/tenants/acme-health/policies?hipaa=true").jsonPath().getList("items.metadata"))
        .hasSize(1);
  }

  @Test
  void bindsWhoeverIsBelowWhateverTheyState() {
    policy("acme", "{hipaa: true}");
    policy("acme-health", "{mode: observe, hipaa: false}");

    Response explained = get("/tenants/acme-health/effective-policy");

    Map<String, String> root = Map.of("kind", "Policy", "tenant", "acme", "name", "default");
    assertThat(explained.jsonPath().getMap("hipaa"))
        .isEqualTo(
            Map.of("value", true, "from", List.of(root), "unguarded", List.of("input", "output")));
    assertThat(explained.jsonPath().getMap("maxStaleness"))
        .isEqualTo(Map.of("value", "15m", "from", List.of(root)));
    policy("acme-health", "{maxStaleness: 5m}");
    assertThat(
            get("/tenants/acme-health/effective-policy").jsonPath().getString("maxStaleness.value"))
        .isEqualTo("5m");
    policy("acme", "{}");
    assertThat(get("/tenants/acme-health/effective-policy").jsonPath().getMap("hipaa"))
        .isEqualTo(Map.of("value", false, "from", List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {hipaa: true, content: {store: full}} | spec.content.store | no content is stored with hipaa
          {hipaa: true, maxStaleness: 16m}      | spec.maxStaleness  | at most 15m with hipaa
          {hipaa: yes-please}                   | spec.hipaa         | true or false
          """)
  void namesTheFieldThatIsWrong(String spec, String field, String says) {
    Response refused = policy("acme-health", spec);

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field", String.class))
        .as(refused.asString())
        .anyMatch(named -> named.endsWith(field));
    assertThat(refused.asString()).contains(says);
  }

  @Test
  void saysWhatAChangeMeansBeforeRequestsAreRefused() {
    assertThat(apply(guard("[input]")).statusCode()).isEqualTo(200);

    assertThat(sentences(plan(policyManifest("acme-health", "{hipaa: true, guards: [g]}"))))
        .contains(
            "tenant acme-health is in HIPAA mode",
            "every request of tenant acme-health is refused: HIPAA mode needs an enforced guard on output");
    apply(guard("[input, output]"));
    assertThat(sentences(plan(policyManifest("acme-health", "{hipaa: true, guards: [g]}"))))
        .contains("tenant acme-health is in HIPAA mode")
        .noneMatch(each -> each.contains("is refused"));
    policy("acme-health", "{hipaa: true, guards: [g]}");
    assertThat(sentences(plan(guard("[output]"))))
        .contains(
            "every request of tenant acme-health is refused: HIPAA mode needs an enforced guard on input");
    assertThat(sentences(plan(policyManifest("acme-health", "{guards: [g]}"))))
        .contains("tenant acme-health is no longer in HIPAA mode");
  }

  private static List<String> sentences(Response planned) {
    return planned.jsonPath().getList("impact.sentences", String.class);
  }

  private static Response policy(String tenant, String spec) {
    return apply(policyManifest(tenant, spec));
  }

  private static String policyManifest(String tenant, String spec) {
    return """
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: %s, name: default }
    spec: %s
    """
        .formatted(tenant, spec);
  }

  private static String guard(String on) {
    return """
    apiVersion: penstock.dev/v1
    kind: Guard
    metadata: { tenant: acme, name: g }
    spec: { on: %s, detectors: [{ type: secrets, action: block }] }
    """
        .formatted(on);
  }
}
