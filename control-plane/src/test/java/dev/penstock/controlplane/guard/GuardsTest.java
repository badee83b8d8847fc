package dev.penstock.controlplane.guard;

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
class GuardsTest {

  private static final String SECRETS =
      "{on: [input], detectors: [{type: secrets, action: block}]}";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void showsWhatWasStatedAndTakesItAgain() {
    String spec =
        """
        {on: [input], detectors: [
          {type: pii, entities: [email, phone, iban, credit-card], action: redact},
          {type: secrets, action: block},
          {type: terms, terms: [project falcon], action: flag},
          {type: pattern, pattern: "ACME-[0-9]{6}", action: redact}]}\
        """;
    Response applied = guard("acme", "all", spec);
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);

    Response shown = get("/tenants/acme/guards/all");

    assertThat(shown.jsonPath().getList("spec.on")).isEqualTo(List.of("input"));
    assertThat(shown.jsonPath().getList("spec.detectors"))
        .isEqualTo(
            List.of(
                Map.of(
                    "type",
                    "pii",
                    "entities",
                    List.of("email", "phone", "iban", "credit-card"),
                    "action",
                    "redact"),
                Map.of("type", "secrets", "action", "block"),
                Map.of("type", "terms", "terms", List.of("project falcon"), "action", "flag"),
                Map.of("type", "pattern", "pattern", "ACME-[0-9]{6}", "action", "redact")));
    Response planned = post("/plan", "[" + shown.asString() + "]");
    assertThat(planned.jsonPath().getList("changes.action")).isEqualTo(List.of("unchanged"));
    assertThat(delete("/tenants/acme/guards/all").statusCode()).isEqualTo(204);
    assertThat(get("/tenants/acme/guards").jsonPath().getList("items")).isEmpty();
  }

  @Test
  void bindsWhoeverIsBelowAndIsExplained() {
    guard("acme", "shared", SECRETS);
    guard("acme-health", "own", SECRETS);
    policy("acme", "{guards: [shared]}");
    policy("acme-health", "{mode: observe, guards: [own, shared]}");

    List<Map<String, Object>> guards =
        get("/tenants/acme-health/effective-policy").jsonPath().getList("guards");

    assertThat(guards)
        .isEqualTo(
            List.of(
                Map.of(
                    "value",
                    Map.of("kind", "Guard", "tenant", "acme", "name", "shared"),
                    "from",
                    List.of(policyOf("acme"), policyOf("acme-health"))),
                Map.of(
                    "value",
                    Map.of("kind", "Guard", "tenant", "acme-health", "name", "own"),
                    "observed",
                    true,
                    "from",
                    List.of(policyOf("acme-health")))));
  }

  @Test
  void keepsAGuardThatAPolicyNames() {
    guard("acme", "shared", SECRETS);
    policy("acme-health", "{guards: [shared]}");

    Response refused = delete("/tenants/acme/guards/shared");

    assertThat(refused.statusCode()).as(refused.asString()).isBetween(409, 422);
    assertThat(refused.asString())
        .contains("guard shared does not exist in acme-health or above it");
    policy("acme-health", "{}");
    assertThat(delete("/tenants/acme/guards/shared").statusCode()).isEqualTo(204);
  }

  @Test
  void takesNoGuardOfABelowOrASibling() {
    guard("acme-health", "own", SECRETS);

    Response refused = policy("acme", "{guards: [own]}");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString()).contains("spec.guards[0]");
  }

  @Test
  void saysWhatAChangeMeans() {
    guard("acme", "shared", SECRETS);
    policy("acme", "{guards: [shared]}");
    String terms =
        "{on: [input], detectors: [{type: terms, terms: [project falcon], action: block}]}";

    assertThat(sentences(plan(manifest("Guard", "acme", "shared", terms))))
        .containsExactly(
            "guard acme/shared, which binds 2 tenants, now has: block 1 terms (was: block secrets)");
    assertThat(sentences(plan(manifest("Policy", "acme", "default", "{}"))))
        .contains(
            "requests of tenant acme no longer pass guard acme/shared",
            "requests of tenant acme-health no longer pass guard acme/shared");
  }

  private static List<String> sentences(Response planned) {
    return planned.jsonPath().getList("impact.sentences", String.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {detectors: [{type: secrets, action: block}]}                                   | spec.on | missing
          {on: [input, output], detectors: [{type: secrets, action: block}]}              | spec.on | write on: [input]
          {on: [], detectors: [{type: secrets, action: block}]}                           | spec.on | expected [input]
          {on: [input]}                                                                   | spec.detectors | is missing
          {on: [input], detectors: []}                                                    | spec.detectors | 1 to 16
          {on: [input], detectors: [{type: toxicity, action: block}]}                     | spec.detectors[0].type | expected one of
          {on: [input], detectors: [{type: secrets}]}                                     | spec.detectors[0].action | is missing
          {on: [input], detectors: [{type: secrets, action: warn}]}                       | spec.detectors[0].action | expected one of
          {on: [input], detectors: [{type: secrets, action: flag, level: 3}]}             | spec.detectors[0].level | unknown field
          {on: [input], detectors: [{type: pii, action: block}]}                          | spec.detectors[0].entities | at least one
          {on: [input], detectors: [{type: pii, entities: [ssn], action: block}]}         | spec.detectors[0].entities[0] | does not know it
          {on: [input], detectors: [{type: terms, terms: [], action: block}]}             | spec.detectors[0].terms | 1 to 500
          {on: [input], detectors: [{type: terms, terms: [a, a], action: block}]}         | spec.detectors[0].terms[1] | twice
          {on: [input], detectors: [{type: terms, terms: [" "], action: block}]}          | spec.detectors[0].terms[0] | 1 to 100
          {on: [input], detectors: [{type: pattern, action: block}]}                      | spec.detectors[0].pattern | is missing
          {on: [input], detectors: [{type: pattern, pattern: "a(?=b)", action: block}]}   | spec.detectors[0].pattern | at character 2
          {on: [input], detectors: [{type: pattern, pattern: "x*", action: block}]}       | spec.detectors[0].pattern | empty text
          {on: [input], detectors: [{type: pattern, pattern: "(a{99}){99}", action: block}]} | spec.detectors[0].pattern | too large
          """)
  void namesTheFieldThatIsWrong(String spec, String field, String says) {
    Response refused = guard("acme", "all", spec);

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field", String.class))
        .as(refused.asString())
        .anyMatch(named -> named.endsWith(field));
    assertThat(refused.asString()).contains(says);
    assertThat(get("/tenants/acme/guards").jsonPath().getList("items")).isEmpty();
  }

  private static Map<String, String> policyOf(String tenant) {
    return Map.of("kind", "Policy", "tenant", tenant, "name", "default");
  }

  private static Response guard(String tenant, String name, String spec) {
    return apply(manifest("Guard", tenant, name, spec));
  }

  private static Response policy(String tenant, String spec) {
    return apply(manifest("Policy", tenant, "default", spec));
  }

  private static String manifest(String kind, String tenant, String name, String spec) {
    return """
    apiVersion: penstock.dev/v1
    kind: %s
    metadata: { tenant: %s, name: %s }
    spec: %s
    """
        .formatted(kind, tenant, name, spec.replace("\n", " "));
  }
}
