package dev.penstock.it.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.installation.NodeName;
import dev.penstock.cli.up.StackOptions.Tuning;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SimulatedNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How long a write takes to be in force on a fleet, what a delta weighs, and how a fleet comes back
 * after a restart of the control plane. Not part of the suite: run by name, read what it prints;
 * see docs/scaling.md. The fleet is simulated (real lines, real deltas, no traffic); two nodes are
 * real.
 */
class FleetFigures {

  private static final int TENANTS = Integer.getInteger("fleet.tenants", 10_000);
  private static final int KEYS = Integer.getInteger("fleet.keysPerTenant", 10);
  private static final int NODES = Integer.getInteger("fleet.nodes", 50);
  private static final int STORM = Integer.getInteger("fleet.storm", 200);
  private static final int WRITES = Integer.getInteger("fleet.writes", 100);
  private static final int WARM_UP = 30;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final SimulatedNode.Trees trees = new SimulatedNode.Trees();
  private final List<SimulatedNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(SimulatedNode::close);
    timer.shutdownNow();
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void writesAndAReconnectStorm() throws SQLException {
    try (PenstockTester tester =
        PenstockTester.start(
            "fleet-figures",
            options ->
                options
                    .withTuning("control-plane", new Tuning(List.of("-Xmx2g"), Map.of()))
                    .withTuning("eu-west-1", new Tuning(List.of("-Xmx1g"), Map.of()))
                    .withTuning("us-east-1", new Tuning(List.of("-Xmx1g"), Map.of())))) {
      fill(tester);
      restart(tester);
      connect(tester, NODES);
      print(
          "%d tenants, %d keys, %d simulated nodes and 2 real ones",
          TENANTS, TENANTS * KEYS, NODES);
      writes(tester);
      connect(tester, STORM);
      storm(tester);
    }
  }

  /** Behind the control plane's back; it compiles what it finds when it starts. */
  private static void fill(PenstockTester tester) throws SQLException {
    try (Connection connection = tester.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO policy.tenant (name, parent)
          SELECT 'fleet-' || t, CASE WHEN t %% 10 = 0 THEN 'acme' ELSE 'fleet-' || (t - t %% 10) END
          FROM generate_series(0, %1$d) t;
          INSERT INTO policy.policy (tenant, allowed_models)
          SELECT 'fleet-' || t, ARRAY['assistant'] FROM generate_series(0, %1$d) t;
          INSERT INTO policy.api_key
            (key_id, tenant, name, hash, pepper_version, tags, created_at)
          SELECT 'F' || lpad((t * %2$d + k)::text, 9, '0'), 'fleet-' || t, 'app-' || k,
            sha256((t * %2$d + k)::text::bytea), 1, '{"app": "support"}', now()
          FROM generate_series(0, %1$d) t, generate_series(0, %2$d - 1) k\
          """
              .formatted(TENANTS - 1, KEYS));
    }
  }

  private static void restart(PenstockTester tester) {
    tester.process("control-plane").kill();
    tester.process("control-plane").start();
    tester.process("control-plane").awaitReady(PATIENCE);
  }

  private void connect(PenstockTester tester, int count) {
    for (int number = nodes.size() + 100; nodes.size() < count; number++) {
      nodes.add(
          SimulatedNode.connect(
              tester, SimulatedNode.portOf(tester), new NodeName("eu-west", number), timer, trees));
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(nodes).allMatch(node -> node.revision() > 0));
  }

  private void writes(PenstockTester tester) {
    List<Double> answered = new ArrayList<>();
    List<Double> everywhere = new ArrayList<>();
    List<Double> afterCommit = new ArrayList<>();
    long bytesBefore = nodes.getFirst().deltaBytes();
    for (int write = -WARM_UP; write < WRITES; write++) {
      if (write == 0) {
        bytesBefore = nodes.getFirst().deltaBytes();
      }
      long began = System.nanoTime();
      long revision = tester.admin().apply(key(write)).path("revision").asLong();
      long answer = System.nanoTime();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .untilAsserted(
              () -> assertThat(nodes).allMatch(node -> node.inForceAt(revision) != null));
      long last =
          nodes.stream()
              .mapToLong(node -> Objects.requireNonNull(node.inForceAt(revision)))
              .max()
              .orElseThrow();
      if (write >= 0) {
        answered.add((answer - began) / 1e6);
        everywhere.add((last - began) / 1e6);
        afterCommit.add(Math.max(0, last - answer) / 1e6);
      }
    }
    print("write of one key, request to answer: %s", spread(answered));
    print("request to in force on all %d: %s", nodes.size(), spread(everywhere));
    print("answer to in force on all %d: %s", nodes.size(), spread(afterCommit));
    print("bytes a delta: %d", (nodes.getFirst().deltaBytes() - bytesBefore) / WRITES);
    print("whole snapshots a node: %d", nodes.getFirst().wholes());
  }

  private void storm(PenstockTester tester) {
    List<Long> upToDates = nodes.stream().map(SimulatedNode::upToDates).toList();
    List<Long> wholes = nodes.stream().map(SimulatedNode::wholes).toList();
    tester.process("control-plane").kill();
    tester.process("control-plane").start();
    tester.process("control-plane").awaitReady(PATIENCE);
    long ready = System.nanoTime();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> {
          for (int i = 0; i < nodes.size(); i++) {
            assertThat(nodes.get(i).upToDates() + nodes.get(i).wholes())
                .isGreaterThan(upToDates.get(i) + wholes.get(i));
          }
        });
    double seconds = (System.nanoTime() - ready) / 1e9;
    long told = 0;
    for (int i = 0; i < nodes.size(); i++) {
      told += nodes.get(i).upToDates() > upToDates.get(i) ? 1 : 0;
    }
    print(
        "reconnect of %d nodes: all at head %.1f s after the control plane was ready; UpToDate %d",
        nodes.size(), seconds, told);
  }

  private static String key(int write) {
    int tenant = Math.floorMod(write * 7919, TENANTS);
    return """
    apiVersion: penstock.dev/v1
    kind: ApiKey
    metadata: { tenant: fleet-%d, name: app-0 }
    spec: { tags: { write: "%d" } }
    """
        .formatted(tenant, write);
  }

  private static String spread(List<Double> millis) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return "p50 %.0f ms, p99 %.0f ms, most %.0f ms"
        .formatted(
            sorted.get(sorted.size() / 2),
            sorted.get((int) (sorted.size() * 0.99) - 1),
            sorted.getLast());
  }

  private static void print(String form, Object... values) {
    System.out.println("fleet: " + form.formatted(values));
  }
}
