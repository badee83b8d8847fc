package dev.penstock.controlplane.budget;

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

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class BudgetScopesTest {

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void showsWhatWasStatedAndTakesItAgain() {
    Response applied =
        scoped("acme", "all", "{model: assistant, provider: openai-eu, tag: {app: support}}");
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);

    Response shown = get("/tenants/acme/budgets/all");

    Map<String, Object> scope =
        Map.of("model", "assistant", "provider", "openai-eu", "tag", Map.of("app", "support"));
    assertThat(shown.jsonPath().getMap("spec.scope")).isEqualTo(scope);
    assertThat(post("/plan", "[" + shown.asString() + "]").jsonPath().getList("changes.action"))
        .isEqualTo(List.of("unchanged"));
    assertThat(
            get("/tenants/acme/budgets?scope.provider=openai-eu")
                .jsonPath()
                .getList("items.metadata.name"))
        .isEqualTo(List.of("all"));
    assertThat(
            get("/tenants/acme-health/effective-policy")
                .jsonPath()
                .getList("budgets.scope", Map.class))
        .anySatisfy(bound -> assertThat(bound).isEqualTo(scope));
  }

  @Test
  void takesAWindowThatRollsAndAModeAndShowsThemAgain() {
    String rolling =
        """
        apiVersion: penstock.dev/v1
        kind: Budget
        metadata: { tenant: acme, name: day }
        spec: { amount: "5.00", window: { rolling: 24h }, mode: available }
        """;
    assertThat(apply(rolling).statusCode()).isEqualTo(200);

    Response shown = get("/tenants/acme/budgets/day");

    assertThat(shown.jsonPath().getMap("spec.window")).isEqualTo(Map.of("rolling", "1d"));
    assertThat(shown.jsonPath().getString("spec.mode")).isEqualTo("available");
    assertThat(post("/plan", "[" + shown.asString() + "]").jsonPath().getList("changes.action"))
        .isEqualTo(List.of("unchanged"));
    assertThat(plan(rolling.replace("rolling: 24h", "every: day")).asString())
        .contains("now counts by day in UTC (was: the last 1d)");
  }

  @Test
  void saysWhatAChangeMeans() {
    scoped("acme", "all", "{subject: acme.bot}");

    Response changed = plan(budget("acme", "all", "{tag: {app: support}, provider: openai-eu}"));

    assertThat(changed.jsonPath().getList("impact.sentences"))
        .isEqualTo(
            List.of(
                "budget acme/all now counts requests with tag app=support at provider openai-eu"
                    + " (was: requests of acme.bot)"));
  }

  @Test
  void keepsAProviderThatABudgetNames() {
    scoped("acme", "all", "{provider: openai-eu}");

    Response refused = delete("/providers/openai-eu");

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.asString()).contains("Budget acme/all", "spec.scope.provider");
  }

  @Test
  void takesABudgetForEachOfManyButNotTooManyForOne() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      many.append(budget("acme", "bot-" + i, "{subject: acme.bot-" + i + "}")).append("---\n");
      many.append(budget("acme", "app-" + i, "{tag: {app: app-" + i + "}}")).append("---\n");
    }
    assertThat(apply(many.toString()).statusCode()).isEqualTo(200);

    // Of those above one of each kind binds; the company has two budgets of its own.
    for (int i = 0; i < 12; i++) {
      assertThat(scoped("acme-health", "m-" + i, "{}").statusCode()).isEqualTo(200);
    }
    Response refused = scoped("acme-health", "one-more", "{}");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString())
        .contains("17 budgets would bind requests of acme-health (expected: at most 16)");
  }

  private static Response scoped(String tenant, String name, String scope) {
    return apply(budget(tenant, name, scope));
  }

  private static String budget(String tenant, String name, String scope) {
    return """
    apiVersion: penstock.dev/v1
    kind: Budget
    metadata: { tenant: %s, name: %s }
    spec: { amount: "5.00", window: { every: month }, scope: %s }
    """
        .formatted(tenant, name, scope);
  }
}
