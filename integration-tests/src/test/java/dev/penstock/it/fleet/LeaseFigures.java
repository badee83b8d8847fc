package dev.penstock.it.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.installation.NodeName;
import dev.penstock.cli.up.StackOptions.Tuning;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What it costs the control plane that ten nodes ask for money a hundred times a second, each time
 * for more. Not part of the suite: run by name, read what it prints; see docs/performance.md. The
 * nodes are simulated: real lines, and signs of life as real ones give.
 */
class LeaseFigures {

  private static final int NODES = 10;
  private static final int PER_SECOND = Integer.getInteger("leases.rate", 100);
  private static final int BUDGETS = 10;

  /** What is compiled by then is what runs ever after; until then the compiler costs the most. */
  private static final Duration WARM_UP = Duration.ofSeconds(120);

  private static final int WARM_UP_PER_SECOND = 400;
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration MEASURED =
      Duration.ofSeconds(Integer.getInteger("leases.seconds", 60));
  private static final long MORE = 1_000;

  /** As where it is deployed; {@code ./penstock up} leaves one out, to be there sooner. */
  private static final Tuning BOTH_COMPILERS =
      new Tuning(List.of("-XX:TieredStopAtLevel=4"), Map.of());

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final UUID[][] leases = new UUID[NODES][BUDGETS];
  private final List<UUID> budgets = new ArrayList<>();
  private int asked;

  @AfterEach
  void close() {
    nodes.forEach(SimulatedNode::close);
    timer.shutdownNow();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aHundredAsksASecondOfTenNodes() throws Exception {
    try (PenstockTester tester =
        PenstockTester.start(
            "lease-figures", options -> options.withTuning("control-plane", BOTH_COMPILERS))) {
      connect(tester);
      timer.scheduleAtFixedRate(() -> nodes.forEach(SimulatedNode::beat), 0, 5, TimeUnit.SECONDS);
      stateBudgets(tester);
      ScheduledFuture<?> warmUp = asking(WARM_UP_PER_SECOND);
      Thread.sleep(WARM_UP);
      warmUp.cancel(false);
      await().untilAsserted(() -> assertThat(answered()).isEqualTo(asked));
      Thread.sleep(PAUSE);
      Used idle = over(tester, MEASURED);

      ScheduledFuture<?> asks = asking(PER_SECOND);
      Thread.sleep(PAUSE);
      long answeredBefore = answered();
      Used busy = over(tester, MEASURED);
      long answers = answered() - answeredBefore;
      asks.cancel(false);
      await().untilAsserted(() -> assertThat(answered()).isEqualTo(asked));

      System.out.printf(
          "%d answers in %d s: control plane %.1f %% of a core (%.1f %% without), %.0f us each;"
              + " Postgres %.1f %% (%.1f %%)%n",
          answers,
          MEASURED.toSeconds(),
          busy.controlPlane(),
          idle.controlPlane(),
          (busy.controlPlane() - idle.controlPlane()) / 100 * MEASURED.toNanos() / 1e3 / answers,
          busy.postgres(),
          idle.postgres());
      assertThat(nodes.stream().mapToLong(SimulatedNode::granted).sum()).isEqualTo(asked * MORE);
    }
  }

  private ScheduledFuture<?> asking(int perSecond) {
    return timer.scheduleAtFixedRate(this::ask, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
  }

  /** Of a core, per cent. */
  private record Used(double controlPlane, double postgres) {}

  private static Used over(PenstockTester tester, Duration time) throws InterruptedException {
    Duration controlPlane = cpu(tester, "control-plane");
    Duration postgres = cpu(tester, "postgres");
    long began = System.nanoTime();
    Thread.sleep(time);
    double nanos = System.nanoTime() - began;
    return new Used(
        cpu(tester, "control-plane").minus(controlPlane).toNanos() / nanos * 100,
        cpu(tester, "postgres").minus(postgres).toNanos() / nanos * 100);
  }

  /** Of a process and those that it has started. */
  private static Duration cpu(PenstockTester tester, String name) {
    ProcessHandle process = ProcessHandle.of(tester.process(name).pid()).orElseThrow();
    return Stream.concat(Stream.of(process), process.descendants())
        .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private void connect(PenstockTester tester) {
    SimulatedNode.Trees trees = new SimulatedNode.Trees();
    for (int i = 0; i < NODES; i++) {
      nodes.add(
          SimulatedNode.connect(
              tester,
              SimulatedNode.portOf(tester),
              new NodeName("eu-west", 100 + i),
              timer,
              trees));
      for (int budget = 0; budget < BUDGETS; budget++) {
        leases[i][budget] = UUID.randomUUID();
      }
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(nodes).allMatch(node -> node.revision() > 0));
  }

  private void stateBudgets(PenstockTester tester) {
    for (int i = 0; i < BUDGETS; i++) {
      String tenant = tester.application().create().tenant();
      budgets.add(
          UUID.fromString(
              tester
                  .database()
                  .texts("SELECT budget_id::text FROM policy.budget WHERE tenant = ?", tenant)
                  .getFirst()));
    }
  }

  /** In turn, so that each node has as many as any other, and each of its leases. */
  private void ask() {
    int node = asked % NODES;
    int budget = asked / NODES % BUDGETS;
    long total = (asked / (NODES * BUDGETS) + 1L) * MORE;
    asked++;
    nodes.get(node).ask(leases[node][budget], budgets.get(budget), total);
  }

  private long answered() {
    return nodes.stream().mapToLong(SimulatedNode::grants).sum();
  }
}
