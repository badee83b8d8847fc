package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.budget.BudgetActions.InForce;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.Downgrade;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.kernel.snapshot.ThresholdAction;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of exchanges when so much of a budget is spent, as the control plane says. */
class BudgetActionTest {

  private static final String FINE = "sim-n3-d0-t0";
  private static final InForce ALERT = new InForce("b", 50, ThresholdAction.ALERT);
  private static final InForce ROUTE = new InForce("b", 80, ThresholdAction.ROUTE);

  private final NodeTester node = new NodeTester();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void goesByTheCheaperRouteUntilTheBudgetRecovers() throws Exception {
    serve(BudgetScope.ALL, "large", "small");

    assertThat(served().getDeployment()).isEqualTo("large-0");
    node.parts.budgetActions().onTold(List.of(ALERT, ROUTE));
    RequestRecord detoured = served();
    node.parts.budgetActions().onTold(List.of(ALERT));
    RequestRecord recovered = served();

    assertThat(detoured.getModelAsked()).isEqualTo("large");
    assertThat(detoured.getModel()).isEqualTo("small");
    assertThat(reasons(detoured))
        .contains("budget acme/month at 80 %: by route cheap")
        .anyMatch(reason -> reason.endsWith("; acme/month: alert at 50 %, route at 80 %"));
    assertThat(recovered.getDeployment()).isEqualTo("large-0");
    assertThat(reasons(recovered)).anyMatch(said -> said.endsWith("; acme/month: alert at 50 %"));
  }

  @Test
  void leavesAloneWhatTheBudgetDoesNotBind() throws Exception {
    serve(BudgetScope.of(Optional.empty(), Optional.of("other")), "large", "small");
    node.parts.budgetActions().onTold(List.of(ROUTE));

    assertThat(served().getDeployment()).isEqualTo("large-0");
  }

  @Test
  void goesItsOwnWayWhereTheCheaperRouteMayNotBeUsed() throws Exception {
    serve(BudgetScope.ALL, "large");
    node.parts.budgetActions().onTold(List.of(ROUTE));

    RequestRecord record = served();

    assertThat(record.getDeployment()).isEqualTo("large-0");
    assertThat(reasons(record))
        .contains(
            "budget acme/month at 80 %: by route cheap, which cannot serve it: model_not_allowed");
  }

  @Test
  void ignoresABudgetThatItDoesNotKnow() throws Exception {
    serve(BudgetScope.ALL, "large", "small");
    node.parts
        .budgetActions()
        .onTold(
            List.of(
                new InForce("other", 80, ThresholdAction.ROUTE),
                new InForce("b", 70, ThresholdAction.ROUTE)));

    assertThat(served().getDeployment()).isEqualTo("large-0");
  }

  /** The models {@code large} and, by the route {@code cheap}, {@code small}. */
  private void serve(BudgetScope scope, String... allowed) {
    node.model("large", FINE)
        .model("small", FINE)
        .route(
            new RouteRule(
                "acme",
                "cheap",
                "assistant-cheap",
                List.of(List.of(new RouteTarget("small", "small-0", 1))),
                RouteTimeouts.NONE,
                RouteRetry.ALL))
        .allowOnly(allowed)
        .budgets(new BudgetRule("b", "acme", "month", scope, List.of(new Downgrade(80, "cheap"))))
        .publish();
    PlayedMoney money = new PlayedMoney(node, 1_000).start();
    money.left.put("b", PlayedMoney.PLENTY);
  }

  private RequestRecord served() throws Exception {
    int before = node.spool.records().size();
    assertThat(node.send(node.chat("large", true)).body()).endsWith("data: [DONE]\n\n");
    return await().until(node.spool::records, found -> found.size() > before).getLast();
  }

  private static List<String> reasons(RequestRecord record) {
    return record.getDecisionsList().stream().map(Decision::getReason).toList();
  }
}
