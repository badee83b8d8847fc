package dev.penstock.controlplane.provisioning;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.provisioning.ProvisioningOutbox.Claim;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for the identity provider. Nobody works it off here: none is configured. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class ProvisioningOutboxTest {

  private static final String TENANT =
      """
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: %s }
      spec: { %s }
      ---
      """;
  private static final String MEMBER =
      """
      apiVersion: penstock.dev/v1
      kind: Member
      metadata: { tenant: %s, name: %s }
      spec: { %s }
      ---
      """;

  @Inject ProvisioningOutbox outbox;
  @Inject Wishes wishes;

  @BeforeEach
  void stateTwoTenants() throws SQLException {
    TestDatabase.reset();
    assertThat(
            apply(TENANT.formatted("acme", "") + TENANT.formatted("health", "parent: acme"))
                .statusCode())
        .isEqualTo(200);
    run("DELETE FROM policy.provisioning");
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> noted() {
    return get("/provisioning").jsonPath().getList("items.tenant");
  }

  @Test
  void holdsTheTenantOfEachChangedMember() {
    Response applied =
        apply(
            MEMBER.formatted("health", "ann", "subject: ann, roles: [tenant-admin]")
                + MEMBER.formatted("health", "job", "serviceAccount: true"));

    assertThat(noted()).containsExactly("health");
    Response shown = get("/provisioning?state=pending");
    assertThat(shown.jsonPath().getLong("items[0].wantedRevision"))
        .isEqualTo(applied.jsonPath().getLong("revision"));
    assertThat(shown.jsonPath().getString("items[0].doneRevision")).isNull();
    assertThat(shown.jsonPath().getString("items[0].reason"))
        .contains("PENSTOCK_PROVISIONING_CLIENT_SECRET_FILE");
  }

  @Test
  void holdsNothingOfWhatChangedNothingOrWasRefusedOrOnlyPlanned() {
    String member = MEMBER.formatted("health", "ann", "subject: ann, roles: [tenant-admin]");

    assertThat(apply(TENANT.formatted("health", "parent: acme")).statusCode()).isEqualTo(200);
    assertThat(apply(member + TENANT.formatted("x", "parent: nowhere")).statusCode())
        .isEqualTo(422);
    assertThat(plan(member).statusCode()).isEqualTo(200);

    assertThat(noted()).isEmpty();
  }

  @Test
  void holdsATenantThatIsGone() throws SQLException {
    assertThat(delete("/tenants/health").statusCode()).isEqualTo(204);

    Claim claim = outbox.claim().orElseThrow();

    assertThat(claim.tenant()).isEqualTo("health");
    assertThat(wishes.of("health")).isEqualTo(new Wanted.Gone("health"));
    outbox.forget(claim);
    assertThat(noted()).isEmpty();
  }

  @Test
  void isWorkedOnByOneAtATime() throws SQLException {
    apply(TENANT.formatted("acme", "displayName: A"));

    Optional<Claim> first = outbox.claim();
    Optional<Claim> second = outbox.claim();

    assertThat(first).isPresent();
    assertThat(second).isEmpty();
    run("UPDATE policy.provisioning SET claimed_until = clock_timestamp() - interval '1 s'");
    assertThat(outbox.claim()).as("after its replica has died").isPresent();
  }

  @Test
  void staysDueWhenSomethingChangesWhileSomebodyWorksOnIt() throws SQLException {
    apply(TENANT.formatted("acme", "displayName: A"));
    Claim claim = outbox.claim().orElseThrow();

    apply(TENANT.formatted("acme", "displayName: B"));
    outbox.done(claim);

    assertThat(get("/provisioning").jsonPath().getString("items[0].state")).isEqualTo("pending");
    Claim next = outbox.claim().orElseThrow();
    outbox.done(next);
    assertThat(get("/provisioning").jsonPath().getString("items[0].state")).isEqualTo("done");
    assertThat(outbox.claim()).isEmpty();
  }

  @Test
  void saysWhatHangs() throws SQLException {
    apply(TENANT.formatted("acme", "displayName: A"));
    apply(TENANT.formatted("health", "parent: acme, displayName: H"));

    outbox.failed(outbox.claim().orElseThrow(), "no", Duration.ofMinutes(1));
    outbox.waits(outbox.claim().orElseThrow(), "nobody there", Duration.ofMinutes(1));

    assertThat(outbox.claim()).isEmpty();
    assertThat(get("/provisioning").jsonPath().getList("items.state"))
        .containsExactly("failed", "waiting");
    assertThat(get("/provisioning?state=failed").jsonPath().getList("items.failures"))
        .containsExactly(1);
  }

  @Test
  void takesServiceAccountsAndSignInAsTheyAreWritten() {
    Response refused =
        apply(
            MEMBER.formatted("health", "job", "serviceAccount: true, roles: [tenant-admin]")
                + MEMBER.formatted("health", "two", "serviceAccount: true, subject: x")
                + TENANT.formatted("health", "parent: acme, sso: { domains: [not a domain] }"));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field"))
        .containsExactly(
            "items[0].spec.roles", "items[1].spec.subject", "items[2].spec.sso.domains[0]");

    String sso = "parent: acme, sso: { domains: [h.example], identityProviders: [h-idp] }";
    assertThat(
            apply(
                    MEMBER.formatted("health", "job", "serviceAccount: true")
                        + TENANT.formatted("health", sso))
                .statusCode())
        .isEqualTo(200);

    assertThat(get("/tenants/health").jsonPath().getList("spec.sso.domains"))
        .containsExactly("h.example");
    assertThat(get("/tenants/health/members/job").jsonPath().getMap("spec"))
        .hasToString("{serviceAccount=true}");
    assertThat(get("/tenants/health/members?serviceAccount=true").jsonPath().getList("items"))
        .hasSize(1);
  }
}
