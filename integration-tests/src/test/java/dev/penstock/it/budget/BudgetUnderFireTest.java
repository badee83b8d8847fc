package dev.penstock.it.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.installation.NodePlan;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.OnStackOfItsOwn;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Simulator.LongInvoice;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A budget holds, to the nano-USD, while 200 clients use it up at three nodes and nodes and control
 * plane are killed: {@code -Dfire.seconds=300} for the full length, {@code -Dfire.seed} to kill in
 * the same order again.
 */
@OnStackOfItsOwn
class BudgetUnderFireTest {

  private static final int CLIENTS = 200;
  private static final int SECONDS = Integer.getInteger("fire.seconds", 30);
  private static final long SEED = Long.getLong("fire.seed", System.nanoTime());
  private static final List<String> NODES = List.of("eu-west-1", "eu-west-2", "us-east-1");
  private static final List<String> VICTIMS =
      List.of("eu-west-1", "eu-west-2", "us-east-1", "control-plane");

  /** Twenty chunks in half a second; what one costs by the simulator's own prices is below this. */
  private static final String SCRIPT = "sim-n20-b24-d20000-t50000-g1";

  private static final long MAX_CALL_NANO_USD = 1_000_000;

  /** Less than the clients can spend in the time, even on a machine that is busy. */
  private static final BigDecimal BUDGET_USD =
      new BigDecimal("0.02").multiply(BigDecimal.valueOf(SECONDS));

  private record Booked(long records, long nanoUsd, long presumed, long presumedNanoUsd) {}

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void isNeverOverspentAndEveryCallIsBookedOnce() throws Exception {
    try (PenstockTester tester =
        PenstockTester.start(
            "under-fire", standard -> standard.withNodes(NodePlan.parse("eu-west=2,us-east=1")))) {
      // Given
      Application application =
          tester.application().upstream(SCRIPT).budget(BUDGET_USD.toPlainString()).create();
      LongInvoice invoice = tester.simulator().longInvoice(application.upstreamModel());
      Fire fire = new Fire(tester, application, NODES);

      // When
      fire.burn(CLIENTS, Duration.ofSeconds(SECONDS), VICTIMS, new Random(SEED), invoice::read);

      // Then
      awaitSilence(tester);
      Booked booked = booked(tester, application);
      invoice.read();
      long invoiced = invoice.nanoUsd();
      JsonNode window = window(tester, application);
      String what =
          "seed %d: %s, %s, invoice %d, window %s".formatted(SEED, fire, booked, invoiced, window);
      System.out.println("under fire, " + what);
      assertThat(fire.counted("unanswered")).as(what).isZero();
      assertThat(fire.counted("served")).as(what).isPositive();
      assertThat(fire.counted("budget_exhausted")).as(what).isPositive();
      assertThat(invoiced).as(what).isLessThanOrEqualTo(BUDGET_USD.movePointRight(9).longValue());
      assertThat(window.path("overage").asLong()).as(what).isZero();
      assertThat(window.path("spent").asLong()).as(what).isEqualTo(booked.nanoUsd());
      long unpresumed = booked.nanoUsd() - booked.presumedNanoUsd();
      assertThat(invoiced - unpresumed)
          .as("what the records flagged as presumed really cost; %s", what)
          .isBetween(0L, Math.min(booked.presumedNanoUsd(), booked.presumed() * MAX_CALL_NANO_USD));
    }
  }

  /** Every node has reported all that it had, and nothing is under way. */
  private static void awaitSilence(PenstockTester tester) {
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> {
          for (String node : NODES) {
            assertThat(tester.metrics(node).lines())
                .as(node)
                .contains("penstock_spool_unacked 0.0", "penstock_budget_holds_open 0.0");
          }
        });
  }

  private static Booked booked(PenstockTester tester, Application application) {
    String[] sums =
        tester
            .database()
            .texts(
                """
                SELECT concat_ws(' ', count(*), coalesce(sum(cost_nusd), 0),
                    count(*) FILTER (WHERE presumed), coalesce(sum(cost_nusd) FILTER (WHERE presumed), 0))
                FROM usage.request_record WHERE tenant = ?
                """,
                application.tenant())
            .getFirst()
            .split(" ");
    return new Booked(
        Long.parseLong(sums[0]),
        Long.parseLong(sums[1]),
        Long.parseLong(sums[2]),
        Long.parseLong(sums[3]));
  }

  private static JsonNode window(PenstockTester tester, Application application) {
    return tester
        .admin()
        .get("tenants/%s/budgets/month/windows".formatted(application.tenant()))
        .path("items")
        .path(0);
  }
}
