package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which budgets an exchange is held on, and which of them pay, against a played control plane. */
class BudgetScopeTest {

  private static final String FINE = "sim-n3-d0-t0";

  private final NodeTester node = new NodeTester();
  private final PlayedMoney money = new PlayedMoney(node, 1_000);

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
    money.left.put("b1", 1L);
    money.left.put("b2", PlayedMoney.PLENTY);
    money.left.put("b3", PlayedMoney.PLENTY);

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
    money.left.put("b1", PlayedMoney.PLENTY);
    money.left.put("b2", PlayedMoney.PLENTY);

    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(200);

    assertThat(paying(node.onlyRecord())).containsExactly("b1");
  }

  @Test
  void refusesWhereNoProviderCanBePaid() throws Exception {
    twoProviders(budget("b1", atProvider("first")), budget("b2", atProvider("second")));
    money.left.put("b1", 1L);
    money.left.put("b2", 1L);

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
    money.left.put("b1", PlayedMoney.PLENTY);

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
    money.start();
  }

  private List<String> paying(RequestRecord record) {
    return record.getChargesList().stream()
        .map(LeaseCharge::getLeaseId)
        .map(money::budgetOf)
        .toList();
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
