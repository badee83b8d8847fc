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
import java.util.function.IntFunction;
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
  private static final String DEPLOYMENT = "assistant-eu"; // of the quickstart
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
    measure(tester, "API key", WRITES, FleetFigures::key);
    measure(tester, "policy of one tenant", WRITES, write -> policy(1 + 10 * tenth(write), write));
    measure(tester, "policy of ten tenants", WRITES, write -> policy(10 * tenth(write), write));
    measure(tester, "budget of one tenant", WRITES, FleetFigures::budget);
    measure(tester, "route of one tenant", WRITES, FleetFigures::route);
    measure(tester, "new tenant", WRITES, FleetFigures::newTenant);
    measure(tester, "tenant suspended and back", WRITES, FleetFigures::suspension);
    measure(tester, "member", WRITES, FleetFigures::member);
    measure(tester, "model", WRITES, FleetFigures::model);
    measure(tester, "policy of the root", Math.min(WRITES, 10), FleetFigures::rootPolicy);
    print("whole snapshots a node: %d", nodes.getFirst().wholes());
  }

  private void measure(
      PenstockTester tester, String what, int writes, IntFunction<String> manifest) {
    List<Double> answered = new ArrayList<>();
    List<Double> everywhere = new ArrayList<>();
    List<Double> afterCommit = new ArrayList<>();
    int warmUp = Math.min(WARM_UP, writes);
    long bytesBefore = 0;
    for (int write = -warmUp; write < writes; write++) {
      if (write == 0) {
        bytesBefore = nodes.getFirst().deltaBytes();
      }
      long began = System.nanoTime();
      long revision = tester.admin().apply(manifest.apply(write)).path("revision").asLong();
      long answer = System.nanoTime();
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .untilAsserted(() -> assertThat(nodes).allMatch(node -> node.revision() >= revision));
      long last =
          nodes.stream()
              .map(node -> node.inForceAt(revision))
              .filter(Objects::nonNull)
              .mapToLong(at -> at)
              .max()
              .orElse(answer);
      if (write >= 0) {
        answered.add((answer - began) / 1e6);
        everywhere.add((last - began) / 1e6);
        afterCommit.add(Math.max(0, last - answer) / 1e6);
      }
    }
    print("%s, request to answer: %s", what, spread(answered));
    print("%s, answer to in force on all %d: %s", what, nodes.size(), spread(afterCommit));
    print("%s, request to in force on all %d: %s", what, nodes.size(), spread(everywhere));
    print("%s, bytes a delta: %d", what, (nodes.getFirst().deltaBytes() - bytesBefore) / writes);
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

  private static int tenant(int write) {
    return Math.floorMod(write * 7919, TENANTS);
  }

  private static int tenth(int write) {
    return Math.floorMod(write * 7919, TENANTS / 10);
  }

  private static String manifest(String kind, String metadata, String spec) {
    return """
    apiVersion: penstock.dev/v1
    kind: %s
    metadata: { %s }
    spec: %s
    """
        .formatted(kind, metadata, spec);
  }

  private static String key(int write) {
    return manifest(
        "ApiKey",
        "tenant: fleet-%d, name: app-0".formatted(tenant(write)),
        "{ tags: { write: '%d' } }".formatted(write));
  }

  /** Of a tenant in ten there are nine below. */
  private static String policy(int tenant, int write) {
    return manifest(
        "Policy",
        "tenant: fleet-%d, name: default".formatted(tenant),
        "{ models: { allow: [assistant] }, unknownPrice: { ceilingPerMillionTokens: '%d' } }"
            .formatted(1000 + write));
  }

  private static String budget(int write) {
    return manifest(
        "Budget",
        "tenant: fleet-%d, name: b%d".formatted(1 + 10 * tenth(write), write),
        "{ amount: '5.00', window: { every: month } }");
  }

  private static String route(int write) {
    return manifest(
        "Route",
        "tenant: fleet-%d, name: r".formatted(tenant(write)),
        "{ model: fleet-route, groups: [[{ deployment: %s, weight: %d }]] }"
            .formatted(DEPLOYMENT, 1000 + write));
  }

  private static String newTenant(int write) {
    return manifest(
        "Tenant",
        "name: new-%s%d".formatted(write < 0 ? "w" : "", Math.abs(write)),
        "{ parent: fleet-%d }".formatted(tenant(write)));
  }

  private static String suspension(int write) {
    return manifest(
        "Tenant",
        "name: fleet-1",
        "{ parent: fleet-0, suspended: %s }".formatted(Math.floorMod(write, 2) == 0));
  }

  private static String member(int write) {
    return manifest(
        "Member",
        "tenant: fleet-%d, name: m".formatted(tenant(write)),
        "{ subject: 's%d@example', roles: [tenant-admin] }".formatted(write));
  }

  private static String model(int write) {
    return manifest(
        "Model", "name: fleet-model", "{ maxOutputTokens: %d }".formatted(100_000 + write));
  }

  private static String rootPolicy(int write) {
    return manifest(
        "Policy",
        "tenant: acme, name: default",
        "{ models: { allow: [assistant] }, unknownPrice: { ceilingPerMillionTokens: '%d' } }"
            .formatted(5000 + write));
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
