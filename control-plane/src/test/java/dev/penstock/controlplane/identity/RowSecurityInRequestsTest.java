package dev.penstock.controlplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import io.quarkus.arc.Arc;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hibernate.Session;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Code of a request that forgot to ask whose rows it may show: the database asks in its place. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class RowSecurityInRequestsTest {

  @Inject Session session;

  @Inject CurrentCaller caller;

  @BeforeEach
  void stateAGroup() throws SQLException {
    Group.state();
  }

  @Test
  void letsARequestSeeItsCallersTenants() {
    assertThat(tenantsOfKeys(Role.TENANT_DEVELOPER, Action.READ))
        .containsOnly(Group.OWN, Group.BELOW);
  }

  @Test
  void letsAWriteSeeEverythingAndChangeItsCallersTenants() {
    assertThat(tenantsOfKeys(Role.TENANT_ADMIN, Action.WRITE)).contains(Group.FOREIGN, Group.OWN);
    assertThat(touchedKeys(Role.TENANT_ADMIN)).containsOnly(Group.OWN, Group.BELOW);
    assertThat(touchedKeys(Role.FINANCE)).isEmpty();
  }

  @Test
  void showsNothingBeforeItIsKnownWhoAsks() {
    List<String> seen =
        inRequest(() -> {
          caller.await();
          return keys("select tenant from ApiKey");
        });
    assertThat(seen).isEmpty();
  }

  @Test
  void letsTheControlPlanesOwnWorkSeeEverything() {
    assertThat(inRequest(() -> keys("select tenant from ApiKey")))
        .contains(Group.OWN, Group.BELOW, Group.FOREIGN);
  }

  @Test
  void forgetsWhatTheConnectionWasToldBefore() {
    for (int i = 0; i < 50; i++) { // more often than the pool has connections
      assertThat(tenantsOfKeys(Role.TENANT_ADMIN, Action.READ)).doesNotContain(Group.FOREIGN);
      assertThat(inRequest(() -> keys("select tenant from ApiKey"))).contains(Group.FOREIGN);
    }
  }

  private List<String> tenantsOfKeys(Role role, Action action) {
    return inRequest(() -> {
      begin(role, action);
      return keys("select tenant from ApiKey");
    });
  }

  /** Whose keys an update of all keys changes. */
  private List<String> touchedKeys(Role role) {
    return inRequest(() -> {
      begin(role, Action.WRITE);
      return QuarkusTransaction.requiringNew()
          .call(() ->
              session
                  .createNativeQuery(
                      "UPDATE policy.api_key SET name = name RETURNING tenant", String.class)
                  .list());
    });
  }

  private void begin(Role role, Action action) {
    caller.set(
        new Caller(
            "somebody",
            Caller.Kind.OIDC,
            Set.of(),
            Map.of(Group.OWN, Set.of(role)),
            Set.of(),
            Optional.empty()));
    caller.reach(action);
  }

  private List<String> keys(String query) {
    return QuarkusTransaction.requiringNew()
        .call(() -> session.createSelectionQuery(query, String.class).list());
  }

  private static List<String> inRequest(java.util.function.Supplier<List<String>> work) {
    var context = Arc.container().requestContext();
    context.activate();
    try {
      return work.get();
    } finally {
      context.terminate();
    }
  }
}
