package dev.penstock.controlplane.threshold;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.ledger.LeaseAsk;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.ledger.Settling;
import dev.penstock.controlplane.threshold.ActionsInForce.InForce;
import dev.penstock.kernel.snapshot.ThresholdAction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thresholds over a real ledger; amounts in nano-USD. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class ThresholdWatchTest {

  private static final long ONE_USD = 1_000_000_000;

  @Inject Ledger ledger;
  @Inject ThresholdWatch watch;
  @Inject ActionsInForce inForce;
  @Inject Refusals refusals;
  @Inject Transactions transactions;

  private final UUID spool = UUID.randomUUID();
  private final AtomicLong seq = new AtomicLong();
  private UUID lease = UUID.randomUUID();

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
    Response route =
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Route
            metadata: { tenant: acme, name: cheap }
            spec: { model: assistant-cheap, groups: [[{ deployment: %s }]] }
            """
                .formatted(
                    get("/models").jsonPath().getString("items[0].spec.deployments[0].name")));
    assertThat(route.statusCode()).as(route.asString()).isEqualTo(200);
    lease = UUID.randomUUID();
  }

  @Test
  void notesEachThresholdOnceAndRecoversWithARaise() throws SQLException {
    UUID budget = budget("1.00");

    spend(budget, ONE_USD * 79 / 100);
    look();
    assertThat(actions()).isEmpty();

    spend(budget, ONE_USD * 17 / 100);
    look();
    look();
    assertThat(actions()).containsExactly("route 95% applied spent", "alert 80% applied spent");
    assertThat(get("/tenants/acme-health/budgets/b/actions").jsonPath().getString("items[0].route"))
        .isEqualTo("cheap");
    await()
        .untilAsserted(() ->
            assertThat(inForce.now())
                .contains(
                    new InForce(budget, 80, ThresholdAction.ALERT),
                    new InForce(budget, 95, ThresholdAction.ROUTE)));

    budget("2.00");
    look();
    assertThat(actions())
        .startsWith("route 95% lifted raised", "alert 80% lifted raised")
        .hasSize(4);
    await()
        .untilAsserted(
            () -> assertThat(inForce.now()).noneMatch(each -> each.budgetId().equals(budget)));

    spend(budget, ONE_USD * 70 / 100);
    look();
    assertThat(actions()).startsWith("alert 80% applied spent").hasSize(5);
  }

  @Test
  void capsWhereTheRestPaysForNothing() throws SQLException {
    UUID budget = budget("1.00");
    spend(budget, ONE_USD * 93 / 100);
    LeaseAsk ask = new LeaseAsk(lease, budget, "n1", spool, 1, 0, 0, 2 * ONE_USD, 2 * ONE_USD);

    LeaseAnswer answer = ledger.request(ask);
    refusals.look(ask.needTotal(), answer);
    refusals.look(ask.needTotal(), answer);
    look();

    assertThat(actions()).startsWith("cap 100% applied refused");
  }

  @Test
  void endsWithTheWindow() throws SQLException {
    UUID budget = budget("1.00");
    spend(budget, ONE_USD * 85 / 100);
    look();

    try (Connection connection = TestDatabase.connect();
        PreparedStatement past =
            connection.prepareStatement(
                "UPDATE ledger.budget_window SET starts_at = now() - interval '2 days',"
                    + " ends_at = now() - interval '1 day' WHERE budget_id = ?")) {
      past.setObject(1, budget);
      past.executeUpdate();
    }
    look();

    assertThat(actions())
        .containsExactly("alert 80% lifted window-over", "alert 80% applied spent");
  }

  @Test
  void countsInTheWindowThatTheBudgetHasNow() throws SQLException {
    UUID budget = budget("1.00");
    spend(budget, ONE_USD * 97 / 100);
    look();
    assertThat(actions()).hasSize(2);

    Response rolling = apply(BUDGET.formatted("1.00").replace("every: year", "rolling: 24h"));
    assertThat(rolling.statusCode()).as(rolling.asString()).isEqualTo(200);
    look();

    assertThat(actions())
        .startsWith("route 95% lifted window-over", "alert 80% lifted window-over")
        .hasSize(4);
    assertThat(balance()).containsEntry("spent", "0").containsEntry("available", "1000000000");

    lease = UUID.randomUUID();
    spend(budget, ONE_USD * 85 / 100);
    look();
    assertThat(actions()).startsWith("alert 80% applied spent").hasSize(5);
    assertThat(balance()).containsEntry("spent", "850000000").containsEntry("endsAt", null);

    budget("1.00");
    look();
    assertThat(balance()).containsEntry("spent", "970000000");
    assertThat(actions().subList(0, 3))
        .containsExactlyInAnyOrder(
            "alert 80% lifted window-over", "alert 80% applied spent", "route 95% applied spent");
  }

  private static Map<String, Object> balance() {
    return get("/spend/budgets?under=acme-health")
        .jsonPath()
        .getMap("items.find { it.name == 'b' }");
  }

  @Test
  void keepsARouteThatABudgetNames() throws SQLException {
    budget("1.00");

    Response refused = apply(BUDGET.formatted("1.00").replace("route: cheap", "route: nope"));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString()).contains("spec.thresholds[1].route", "route nope");
    assertThat(delete("/tenants/acme/routes/cheap").statusCode()).isEqualTo(409);
    assertThat(get("/tenants/acme-health/budgets/b").jsonPath().getList("spec.thresholds"))
        .isEqualTo(
            List.of(
                Map.of("at", "80%", "action", "alert"),
                Map.of("at", "95%", "action", "route", "route", "cheap"),
                Map.of("at", "100%", "action", "cap")));
  }

  @Test
  void appendsAndNeverChanges() throws SQLException {
    UUID budget = budget("1.00");
    spend(budget, ONE_USD * 85 / 100);
    look();

    for (String change :
        List.of("UPDATE ledger.budget_action SET spent = 0", "DELETE FROM ledger.budget_action")) {
      try (Connection connection = TestDatabase.connect();
          PreparedStatement statement = connection.prepareStatement(change)) {
        assertThatThrownBy(statement::executeUpdate).isInstanceOf(SQLException.class);
      }
    }
    assertThat(get("/tenants/acme-health/budgets/none/actions").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/acme-health/budgets/b/actions?cursor=x").statusCode()).isEqualTo(400);
  }

  /** The schedule may have been faster; what counts is what has been noted in the end. */
  private void look() throws SQLException {
    ledger.followBudgets();
    watch.look();
    await().untilAsserted(() -> assertThat(watch.look()).isZero());
  }

  private static List<String> actions() {
    return get("/tenants/acme-health/budgets/b/actions")
        .jsonPath()
        .getList("items", Map.class)
        .stream()
        .map(each ->
            "%s %s%% %s %s"
                .formatted(
                    each.get("action"),
                    each.get("atPercent"),
                    each.get("change"),
                    each.get("reason")))
        .toList();
  }

  private static final String BUDGET =
      """
      apiVersion: penstock.dev/v1
      kind: Budget
      metadata: { tenant: acme-health, name: b }
      spec:
        amount: "%s"
        window: { every: year }
        thresholds:
          - { at: 95%%, action: route, route: cheap }
          - { at: 80%%, action: alert }
      """;

  private static UUID budget(String amount) throws SQLException {
    Response applied = apply(BUDGET.formatted(amount));
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);
    try (Connection connection = TestDatabase.connect();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT budget_id FROM policy.budget WHERE tenant = 'acme-health' AND name = 'b'");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getObject(1, UUID.class);
    }
  }

  private void spend(UUID budget, long amount) throws SQLException {
    ledger.request(new LeaseAsk(lease, budget, "n1", spool, 1, 0, 0, 0, 0));
    long number = seq.incrementAndGet();
    transactions.inOne(connection -> {
      ledger.settle(
          connection, List.of(new Settling(spool, number, number, Map.of(lease, amount))));
      return number;
    });
  }
}
