package dev.penstock.controlplane.identity;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.as;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestToken;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tenant's people can do in their subtree, and what they try beyond it. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class GateTest {

  private static final String HEADER = "apiVersion: penstock.dev/v1\n";

  @BeforeEach
  void stateAGroup() throws SQLException {
    Group.state();
  }

  private static TestToken tenantAdmin() {
    return Group.member(Group.OWN, Role.TENANT_ADMIN);
  }

  private static Response apply(TestToken caller, String yaml) {
    return as(caller).contentType("application/yaml").body(HEADER + yaml).post("/apply");
  }

  private static String key(String tenant) {
    return "kind: ApiKey\nmetadata: { tenant: %s, name: new }\nspec: {}\n".formatted(tenant);
  }

  private static String guard(String tenant, String name) {
    return """
    kind: Guard
    metadata: { tenant: %s, name: %s }
    spec: { on: [input], detectors: [{ type: terms, terms: [never said], action: flag }] }
    """
        .formatted(tenant, name);
  }

  private static String policy(String tenant, String guards) {
    return "kind: Policy\nmetadata: { tenant: %s, name: default }\nspec: { guards: [%s] }\n"
        .formatted(tenant, guards);
  }

  private static String member(String tenant, String name, String role) {
    return "kind: Member\nmetadata: { tenant: %s, name: %s }\nspec: { subject: %s, roles: [%s] }\n"
        .formatted(tenant, name, name, role);
  }

  @Test
  void governsItsSubtreeWithoutThePlatform() {
    TestToken caller = tenantAdmin();

    assertThat(apply(caller, key(Group.OWN)).statusCode()).isEqualTo(200);
    assertThat(apply(caller, key(Group.BELOW)).statusCode()).isEqualTo(200);
    Response made = apply(caller, member(Group.BELOW, "carol", "tenant-admin"));
    assertThat(made.statusCode()).as(made.asString()).isEqualTo(200);
    assertThat(apply(TestToken.of("carol"), key(Group.BELOW)).statusCode()).isEqualTo(200);
    assertThat(as(caller).delete("/tenants/" + Group.OWN + "/api-keys/new").statusCode())
        .isEqualTo(204);
    assertThat(get("/revisions").jsonPath().getString("items[0].author"))
        .isEqualTo("tenant-admin-of-acme-health");
  }

  @Test
  void writesTheGuardsOfItsSubtreeAndNoneAbove() {
    TestToken caller = tenantAdmin();

    assertThat(apply(caller, guard(Group.OWN, "own")).statusCode()).isEqualTo(200);
    assertThat(apply(caller, guard(Group.BELOW, "below")).statusCode()).isEqualTo(200);
    String below = "/tenants/" + Group.BELOW + "/guards/below";
    assertThat(as(caller).delete(below).statusCode()).as("as anything destructive").isEqualTo(401);
    assertThat(as(caller.steppedUp(1)).delete(below).statusCode()).isEqualTo(204);
    assertThat(apply(caller, guard("acme", "own-too")).statusCode()).isEqualTo(404);
    assertThat(apply(caller, guard(Group.FOREIGN, "own-too")).statusCode()).isEqualTo(404);
  }

  @Test
  void isNotRidOfAGuardThatBindsIt() {
    // Given: one that acme names for all, and one of acme's that the tenant's own policy names
    admin()
        .contentType("application/yaml")
        .body(
            String.join(
                "---\n",
                HEADER + guard("acme", "for-all"),
                HEADER + guard("acme", "for-health"),
                HEADER + policy("acme", "for-all"),
                HEADER + policy(Group.OWN, "for-health")))
        .post("/apply")
        .then()
        .statusCode(200);
    TestToken caller = tenantAdmin();

    // When
    Response changed = apply(caller, guard("acme", "for-all"));
    Response deleted = as(caller.steppedUp(1)).delete("/tenants/acme/guards/for-all");
    Response unnamed = apply(caller, policy(Group.OWN, ""));
    Response hidden = apply(caller, guard(Group.OWN, "for-health"));
    Response hiddenBelow = apply(caller, guard(Group.BELOW, "for-all"));

    // Then
    assertThat(changed.statusCode()).isEqualTo(404);
    assertThat(deleted.statusCode()).isEqualTo(404);
    assertThat(unnamed.statusCode()).isEqualTo(403);
    assertThat(hidden.statusCode()).as(hidden.asString()).isEqualTo(422);
    assertThat(hiddenBelow.statusCode()).as(hiddenBelow.asString()).isEqualTo(422);
    assertThat(
            as(caller)
                .get("/tenants/" + Group.BELOW + "/effective-policy")
                .jsonPath()
                .getList("guards.value"))
        .isEqualTo(
            List.of(
                Map.of("kind", "Guard", "tenant", "acme", "name", "for-all"),
                Map.of("kind", "Guard", "tenant", "acme", "name", "for-health")));
  }

  @Test
  void carolOfBelowIsNobodyAbove() {
    apply(tenantAdmin(), member(Group.BELOW, "carol", "tenant-admin"));

    assertThat(apply(TestToken.of("carol"), key(Group.OWN)).statusCode()).isEqualTo(404);
    assertThat(as(TestToken.of("carol")).get("/tenants/" + Group.OWN).statusCode()).isEqualTo(404);
  }

  @Test
  void listsOnlyTheSubtree() {
    Response tenants = as(tenantAdmin()).get("/tenants");
    assertThat(tenants.jsonPath().getList("items.metadata.name"))
        .isEqualTo(List.of(Group.OWN, Group.BELOW));
    assertThat(as(tenantAdmin()).get("/tenants?limit=1").jsonPath().getString("nextCursor"))
        .isNotNull();
    assertThat(as(tenantAdmin()).get("/requests").jsonPath().getList("items.tenant", String.class))
        .containsExactlyInAnyOrder(Group.OWN, Group.BELOW);
    assertThat(
            as(tenantAdmin())
                .get("/spend?groupBy=tenant")
                .jsonPath()
                .getList("items.tenant", String.class))
        .containsExactlyInAnyOrder(Group.OWN, Group.BELOW);
  }

  @Test
  void addsUpNothingOfOthers() {
    assertThat(as(tenantAdmin()).get("/spend").jsonPath().getString("items[0].costNanoUsd"))
        .isEqualTo("14");
    assertThat(get("/spend").jsonPath().getString("items[0].costNanoUsd")).isEqualTo("21");
    assertThat(
            as(tenantAdmin())
                .get("/spend?groupBy=provider,region")
                .jsonPath()
                .getInt("items[0].requests"))
        .isEqualTo(2);
  }

  @Test
  void addsUpNothingOfOthersHoweverItIsAsked() {
    TestToken caller = tenantAdmin();
    for (String query :
        List.of(
            "groupBy=tenant,tags.app",
            "groupBy=tags.app&sort=-costNanoUsd",
            "groupBy=tenant&under=acme",
            "groupBy=tenant&tenant=" + Group.FOREIGN + "&tenant=" + Group.OWN)) {
      assertThat(as(caller).get("/spend?" + query).asString())
          .contains(Group.OWN)
          .doesNotContain(Group.FOREIGN);
    }
    assertThat(as(caller).get("/spend?under=" + Group.FOREIGN).jsonPath().getList("items"))
        .isEmpty();
    String cursor =
        get("/spend?groupBy=tenant&limit=1&sort=-tenant").jsonPath().getString("nextCursor");
    assertThat(
            as(caller)
                .get("/spend?groupBy=tenant&sort=-tenant&cursor=" + cursor)
                .jsonPath()
                .getList("items.tenant", String.class))
        .isSubsetOf(Group.OWN, Group.BELOW);
    String file = as(caller).accept("text/csv").get("/spend?groupBy=tenant,tags.app").asString();
    assertThat(file.lines().toList()).hasSize(3);
    assertThat(file).contains("of-" + Group.OWN).doesNotContain(Group.FOREIGN);
  }

  @Test
  void showsTheBudgetsOfItsSubtreeAndNoneAbove() {
    Response all = get("/spend/budgets?under=acme&limit=1000");
    assertThat(all.jsonPath().getList("items.tenant", String.class))
        .contains(Group.OWN, Group.BELOW, Group.FOREIGN);
    assertThat(get("/spend/budgets?under=acme&limit=1").jsonPath().getString("nextCursor"))
        .isNotNull();
    assertThat(get("/spend/budgets").asString()).contains(Group.FOREIGN);

    Response own = as(tenantAdmin()).get("/spend/budgets?under=acme");
    assertThat(new TreeSet<>(own.jsonPath().getList("items.tenant", String.class)))
        .isEqualTo(new TreeSet<>(List.of(Group.OWN, Group.BELOW)));
    assertThat(
            own.jsonPath()
                .getMap("items.find { it.name == 'walked' && it.tenant == '" + Group.OWN + "' }"))
        .containsEntry("limit", "10000000000")
        .containsEntry("available", "10000000000")
        .containsEntry("spent", "0")
        .containsEntry("tenantPath", List.of("acme", Group.OWN));
    assertThat(
            as(tenantAdmin())
                .get("/spend/budgets?under=" + Group.FOREIGN)
                .jsonPath()
                .getList("items"))
        .isEmpty();
  }

  @Test
  void asksForForeignThingsInVain() {
    TestToken caller = tenantAdmin();

    assertThat(as(caller).get("/requests?tenant=" + Group.FOREIGN).jsonPath().getList("items"))
        .isEmpty();
    Response foreign = as(caller).get("/requests/" + Group.FOREIGN_REQUEST);
    Response none = as(caller).get("/requests/01900000-0000-7000-8000-00000000ffff");
    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.asString()).isEqualTo(none.asString());
    assertThat(as(caller).get("/requests/" + Group.BELOW_REQUEST).statusCode()).isEqualTo(200);
  }

  @Test
  void cannotTellAForeignTenantFromNone() {
    TestToken caller = tenantAdmin();
    String foreign = as(caller).get("/tenants/" + Group.FOREIGN + "/api-keys").asString();
    String none = as(caller).get("/tenants/no-such-one/api-keys").asString();

    assertThat(foreign.replace(Group.FOREIGN, "X")).isEqualTo(none.replace("no-such-one", "X"));
  }

  @Test
  void readsOnFromAForeignCursorWithinItsOwn() {
    Response newest = get("/requests?limit=1");
    assertThat(newest.jsonPath().getString("items[0].tenant")).isEqualTo(Group.FOREIGN);
    String cursor = newest.jsonPath().getString("nextCursor");

    assertThat(
            as(tenantAdmin())
                .get("/requests?cursor=" + cursor)
                .jsonPath()
                .getList("items.tenant", String.class))
        .containsExactly(Group.BELOW, Group.OWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tenants/acme-health/../acme-labs/api-keys",
        "/tenants/acme-health/%2e%2e/acme-labs/api-keys",
        "/tenants/acme-health%2f..%2facme-labs/api-keys",
        "/tenants//acme-labs/api-keys",
        "/tenants/acme-labs;tenant=acme-health/api-keys",
        "/tenants/acme-labs/api-keys?tenant=acme-health",
        "/tenants/ACME-LABS/api-keys",
        "/tenants/acme-labs%00/api-keys",
        "/tenants/acme-labs%20/api-keys",
        "/tenants/%61cme-labs/api-keys",
        "/tenants/acme-labs/api-keys/",
        "/tenants/acme/api-keys",
        "/tenants/' OR 1=1 --/api-keys",
      })
  void findsNoWayAroundByThePath(String path) {
    Response answer = as(tenantAdmin()).urlEncodingEnabled(path.contains(" OR ")).get(path);

    assertThat(answer.statusCode()).as(answer.asString()).isIn(400, 404);
    assertThat(answer.asString()).doesNotContain("walked");
  }

  @ParameterizedTest
  @CsvSource({
    "acme-labs, 404",
    "acme, 404",
    "no-such-one, 404",
  })
  void refusesABodyThatNamesAForeignTenant(String tenant, int status) {
    TestToken caller = tenantAdmin();

    Response applied = apply(caller, key(Group.OWN) + "---\n" + HEADER + key(tenant));

    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(status);
    assertThat(applied.jsonPath().getList("errors.field"))
        .isEqualTo(List.of("items[1].metadata.tenant"));
    assertThat(get("/tenants/" + Group.OWN + "/api-keys/new").statusCode()).isEqualTo(404);
    String posted =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "ApiKey",
         "metadata": {"tenant": "%s", "name": "new"}, "spec": {}}\
        """
            .formatted(tenant);
    Response inPath =
        as(caller)
            .contentType("application/json")
            .body(posted)
            .post("/tenants/" + Group.OWN + "/api-keys");
    assertThat(inPath.statusCode()).as(inPath.asString()).isEqualTo(422);
  }

  @Test
  void plansNoMoreThanItMayDo() {
    Response planned =
        as(tenantAdmin())
            .contentType("application/yaml")
            .body(HEADER + key(Group.FOREIGN))
            .post("/plan");

    assertThat(planned.statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind: Tenant\nmetadata: { name: acme-health }\nspec: {}",
        "kind: Policy\nmetadata: { tenant: acme-health, name: default }\nspec: {}",
        "kind: Budget\nmetadata: { tenant: acme-health, name: walked }\n"
            + "spec: { amount: \"99.00\", window: { every: month } }",
        "kind: Secret\nmetadata: { tenant: acme-health, name: walked }\n"
            + "spec: { regions: [eu-west], value: { literal: sk-mine-12345678 } }",
        "kind: Region\nmetadata: { name: eu-west }\nspec: {}",
        "kind: Model\nmetadata: { name: assistant }\nspec: {}",
      })
  void staysBelowItsCeiling(String manifest) {
    Response applied = apply(tenantAdmin(), manifest);

    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret-custodian", "security-auditor", "finance"})
  void givesAndTakesNoMoreThanATenantsRoles(String role) {
    TestToken caller = tenantAdmin();
    Response given = apply(caller, member(Group.OWN, "dave", role));
    assertThat(given.statusCode()).as(given.asString()).isEqualTo(403);

    admin()
        .contentType("application/yaml")
        .body(HEADER + member(Group.OWN, "dave", role))
        .post("/apply");
    Response taken = apply(caller, member(Group.OWN, "dave", "tenant-developer"));
    assertThat(taken.statusCode()).as(taken.asString()).isEqualTo(403);
    assertThat(as(caller).delete("/tenants/" + Group.OWN + "/members/dave").statusCode())
        .isEqualTo(403);
  }

  @Test
  void makesNobodyAnAdminOfThePlatform() {
    Response applied =
        admin()
            .contentType("application/yaml")
            .body(HEADER + member(Group.OWN, "dave", "platform-admin"))
            .post("/apply");

    assertThat(applied.statusCode()).isEqualTo(422);
    assertThat(applied.jsonPath().getList("errors.field"))
        .isEqualTo(List.of("items[0].spec.roles[0]"));
  }

  @Test
  void letsOnlyTheCustodianWriteSecrets() {
    String secret =
        "kind: Secret\nmetadata: { tenant: acme-health, name: walked }\n"
            + "spec: { regions: [eu-west], value: { literal: sk-new-12345678 } }";

    assertThat(apply(TestToken.of("p").roles("platform-admin"), secret).statusCode())
        .isEqualTo(403);
    Response written = apply(TestToken.of("c").roles("secret-custodian"), secret);
    assertThat(written.statusCode()).as(written.asString()).isEqualTo(200);
    assertThat(
            as(TestToken.of("c").roles("secret-custodian"))
                .get("/tenants/acme-health/secrets/walked")
                .asString())
        .doesNotContain("sk-new");
  }

  @Test
  void asksForAFreshLoginBeforeItDestroys() {
    TestToken caller = TestToken.of("p").roles("platform-admin");
    String path = "/models/gone-global";

    for (TestToken weak :
        List.of(
            caller,
            caller.steppedUp(400),
            caller.with("auth_time", java.time.Instant.now().getEpochSecond()),
            caller.with("acr", "step-up"))) {
      Response refused = as(weak).delete(path);
      assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate"))
          .contains(
              "error=\"insufficient_user_authentication\"",
              "acr_values=\"step-up\"",
              "max_age=\"300\"");
    }
    assertThat(get("/audit-events?actor=p&outcome=refused").jsonPath().getList("items.reason"))
        .asString()
        .contains("401 ");
    assertThat(as(TestToken.of("a").roles("security-auditor")).delete(path).statusCode())
        .isEqualTo(403);
    assertThat(get(path).statusCode()).isEqualTo(200);
    Response deleted = as(caller.steppedUp(10)).delete("/tenants/" + Group.OWN + "/budgets/walked");
    assertThat(deleted.statusCode()).as(deleted.asString()).isEqualTo(204);
    assertThat(as(caller).delete("/tenants/" + Group.OWN + "/api-keys/walked").statusCode())
        .isEqualTo(204);
  }
}
