package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.budget.BudgetActions.InForce;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.BudgetScope.Tag;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import dev.penstock.kernel.snapshot.ThresholdAction;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a developer is told of the limits of a key. */
class LimitsTest {

  private static final BudgetRule MONTH = new BudgetRule("b1", "acme", "month", BudgetScope.ALL);
  private static final BudgetRule TAGGED =
      new BudgetRule(
          "b2",
          "acme",
          "team",
          new BudgetScope(
              Optional.empty(),
              Optional.empty(),
              Optional.of("m"),
              Optional.empty(),
              Optional.of(new Tag("team", "a"))));
  private static final BudgetRule OF_OTHERS =
      new BudgetRule(
          "b3", "acme", "others", BudgetScope.of(Optional.of("other"), Optional.empty()));

  private final NodeTester node = new NodeTester();
  private long left = 5_000;

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void tellsWhatBindsTheKeyAndWhatIsLeft() throws Exception {
    serve(true);
    node.parts.budgetActions().onTold(List.of(new InForce("b1", 80, ThresholdAction.ALERT)));

    JsonObject limits = limits();

    assertThat(limits.getString("tenant")).isEqualTo("acme");
    assertThat(limits.getString("apiKey")).isEqualTo("app");
    JsonArray budgets = limits.getJsonArray("budgets");
    assertThat(budgets).hasSize(2);
    JsonObject month = budgets.getJsonObject(0);
    assertThat(month.getString("name")).isEqualTo("month");
    assertThat(month.getString("limitNanoUsd")).isEqualTo("9000");
    assertThat(month.getString("leftNanoUsd")).isEqualTo("5001");
    assertThat(month.getString("ask")).contains("administrators of tenant acme");
    assertThat(Instant.parse(month.getString("resetsAt")))
        .isBetween(Instant.now(), Instant.now().plusSeconds(61));
    assertThat(month.getJsonArray("actions"))
        .isEqualTo(
            new JsonArray().add(new JsonObject().put("atPercent", 80).put("action", "alert")));
    assertThat(budgets.getJsonObject(1).getJsonObject("scope"))
        .isEqualTo(
            new JsonObject().put("model", "m").put("tag", new JsonObject().put("team", "a")));
    assertThat(limits.getJsonArray("rateLimits"))
        .isEqualTo(
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("tenant", "acme")
                        .put("name", "all")
                        .put("scope", new JsonObject())
                        .put("requestsPerMinute", 6)
                        .put("concurrentStreams", 3)
                        .put(
                            "thisNode",
                            new JsonObject()
                                .put("requestsPerMinute", 6)
                                .put("requestsLeft", 6)
                                .put("concurrentStreams", 3)
                                .put("streamsLeft", 3))));
  }

  @Test
  void tellsWhatIsLeftOfARateLimitWhileRequestsRunAndOfTheShareOfThisNode() throws Exception {
    serve(true);
    assertThat(node.send(node.chat("m", false)).statusCode()).isEqualTo(200);
    assertThat(node.send(node.chat("m", false)).statusCode()).isEqualTo(200);
    CompletableFuture<HttpResponse<String>> running =
        CompletableFuture.supplyAsync(() -> sent("slow"));
    await().untilAsserted(() -> assertThat(thisNode().getInteger("streamsLeft")).isEqualTo(2));

    JsonObject whileOneRuns = thisNode();
    node.rateShares.onCounted(Map.of(NodeTester.REGION, 2));
    JsonObject halved = thisNode();

    assertThat(whileOneRuns.getInteger("requestsLeft")).isEqualTo(3);
    assertThat(halved.getInteger("requestsPerMinute")).isEqualTo(3);
    assertThat(halved.getInteger("concurrentStreams")).isEqualTo(2);
    assertThat(halved.getInteger("streamsLeft")).isEqualTo(1);
    assertThat(running.get().statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> sent(String model) {
    try {
      return node.send(node.chat(model, true));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private JsonObject thisNode() throws Exception {
    return limits().getJsonArray("rateLimits").getJsonObject(0).getJsonObject("thisNode");
  }

  @Test
  void saysTheSameAsTheRefusal() throws Exception {
    left = 0;
    serve(true);

    HttpResponse<String> refused = node.send(node.chat("m", true));
    JsonObject month = limits().getJsonArray("budgets").getJsonObject(0);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("acme/month", "administrators of tenant acme");
    assertThat(month.getString("leftNanoUsd")).isEqualTo("0");
    assertThat(month.getString("limitNanoUsd")).isEqualTo("9000");
  }

  @Test
  void tellsNoNumbersWhereNobodyAnswers() throws Exception {
    serve(false);
    node.leases.onDisconnected();

    JsonObject month = limits().getJsonArray("budgets").getJsonObject(0);

    assertThat(month.getString("name")).isEqualTo("month");
    assertThat(month.containsKey("leftNanoUsd")).isFalse();
  }

  @Test
  void tellsNothingWithoutAKey() throws Exception {
    serve(true);

    HttpResponse<String> refused =
        node.send(HttpRequest.newBuilder(node.uri("/v1/penstock/limits")).GET());

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("invalid_api_key").doesNotContain("month");
  }

  private void serve(boolean answering) {
    node.model("m", "sim-n3-d0-t0")
        .model("slow", "sim-n3-d0-t2000000")
        .budgets(MONTH, TAGGED, OF_OTHERS)
        .rateLimits(
            new RateLimitRule("acme", "all", Optional.empty(), Optional.empty(), 6, 0, 3, false),
            new RateLimitRule(
                "acme", "theirs", Optional.of("other"), Optional.empty(), 1, 0, 0, false))
        .publish();
    node.leases.onConnected();
    if (answering) {
      PlayedMoney money = new PlayedMoney(node, 9_000).start();
      money.left.put("b1", left);
      money.left.put("b2", left);
    }
  }

  private JsonObject limits() throws Exception {
    HttpResponse<String> response =
        node.send(
            HttpRequest.newBuilder(node.uri("/v1/penstock/limits"))
                .header("authorization", "Bearer " + node.key())
                .GET());
    assertThat(response.statusCode()).isEqualTo(200);
    return new JsonObject(response.body());
  }
}
