package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.budget.LeaseAsk;
import dev.penstock.dataplane.budget.LeaseGrant;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.BudgetScope.Tag;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.LeaseCharge;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which budgets an exchange is held on, and which of them pay, against a played control plane. */
class BudgetScopeTest {

  private static final String FINE = "sim-n3-d0-t0";
  private static final long PLENTY = 1_000_000_000_000L;

  private final NodeTester node = new NodeTester();
  private final Map<String, Long> leftOf = new ConcurrentHashMap<>();
  private final Map<String, String> budgetOfLease = new ConcurrentHashMap<>();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void passesOverTheProviderWhoseBudgetIsExhausted() throws Exception {
    BudgetRule ofFirst = budget("b1", atProvider("first"));
    BudgetRule ofSecond = budget("b2", atProvider("second"));
    twoProviders(ofFirst, ofSecond, budget("b3", BudgetScope.ALL));
    leftOf.put("b1", 1L);
    leftOf.put("b2", PLENTY);
    leftOf.put("b3", PLENTY);

    HttpResponse<String> response = node.send(node.chat("fast", true));

    assertThat(response.body()).endsWith("data: [DONE]\n\n");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getDeployment()).isEqualTo("large-0");
    assertThat(record.getDecisionsList())
        .extracting(Decision::getReason)
        .contains("budget acme/b1 is exhausted: 1 of 2 deployments left");
    assertThat(paying(record)).containsExactlyInAnyOrder("b2", "b3");
  }

  @Test
  void chargesTheProviderThatServed() throws Exception {
    twoProviders(budget("b1", atProvider("first")), budget("b2", atProvider("second")));
    leftOf.put("b1", PLENTY);
    leftOf.put("b2", PLENTY);

    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(200);

    assertThat(paying(node.onlyRecord())).containsExactly("b1");
  }

  @Test
  void refusesWhereNoProviderCanBePaid() throws Exception {
    twoProviders(budget("b1", atProvider("first")), budget("b2", atProvider("second")));
    leftOf.put("b1", 1L);
    leftOf.put("b2", 1L);

    HttpResponse<String> response = node.send(node.chat("fast", true));

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).contains("\"code\":\"budget_exhausted\"");
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  @Test
  void countsTheTagsThatTheTenantGives() throws Exception {
    twoProviders(
        budget("b1", tagged("team", "a")),
        budget("b2", tagged("team", "b")),
        budget("b3", ofSubject("acme.bot")));
    leftOf.put("b1", PLENTY);

    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(200);

    assertThat(paying(node.onlyRecord())).containsExactly("b1");
  }

  /**
   * The model {@code fast} is had from the model {@code small} at one provider, else at another.
   */
  private void twoProviders(BudgetRule... budgets) {
    node.provider("first", NodeTester.REGION, node.sim.baseUrl())
        .provider("second", NodeTester.REGION, node.sim.baseUrl())
        .modelAt("small", "first", FINE)
        .modelAt("large", "second", FINE)
        .route(
            new RouteRule(
                "acme",
                "fast",
                "fast",
                List.of(
                    List.of(new RouteTarget("small", "small-0", 1)),
                    List.of(new RouteTarget("large", "large-0", 1))),
                RouteTimeouts.NONE,
                RouteRetry.ALL))
        .allowOnly("fast", "small", "large")
        .budgets(budgets)
        .publish();
    node.leases.onConnected();
    node.leases.onWaiting(this::answer);
  }

  /** Grants what is needed as long as the budget has so much, and nothing else. */
  private void answer() {
    for (LeaseAsk ask : node.leases.dueAsks()) {
      long left = leftOf.getOrDefault(ask.budgetId(), 0L);
      boolean enough = ask.needTotal() <= left;
      budgetOfLease.put(ask.leaseId(), ask.budgetId());
      node.leases.onGrant(
          new LeaseGrant(
              ask.leaseId(),
              enough ? ask.needTotal() : 0,
              enough ? LeaseGrant.State.ACTIVE : LeaseGrant.State.EXHAUSTED,
              60_000,
              1_000,
              left,
              left));
    }
  }

  private List<String> paying(RequestRecord record) {
    Map<String, String> names = new HashMap<>(budgetOfLease);
    return record.getChargesList().stream().map(LeaseCharge::getLeaseId).map(names::get).toList();
  }

  private static BudgetRule budget(String id, BudgetScope scope) {
    return new BudgetRule(id, "acme", id, scope);
  }

  private static BudgetScope atProvider(String name) {
    return new BudgetScope(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty());
  }

  private static BudgetScope ofSubject(String subject) {
    return new BudgetScope(
        Optional.empty(),
        Optional.of(subject),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static BudgetScope tagged(String name, String value) {
    return new BudgetScope(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Tag(name, value)));
  }
}
