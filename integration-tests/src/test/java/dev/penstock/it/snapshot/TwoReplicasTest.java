package dev.penstock.it.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.installation.NodeName;
import dev.penstock.it.kit.FreePorts;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.SimulatedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Control plane replicas are interchangeable: what one is told, the nodes of the other enforce. */
@ExtendWith(SharedStack.class)
class TwoReplicasTest {

  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final int WRITES = 5;

  private final PenstockTester tester;

  TwoReplicasTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void whatOneReplicaWritesIsAtTheOthersNodesWithinASecond() throws IOException {
    int ports = FreePorts.base();
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    Process replica = startReplica(ports);
    try (SimulatedNode node =
        SimulatedNode.connect(
            tester, ports + 1, new NodeName("eu-west", 90), timer, new SimulatedNode.Trees())) {
      // Given
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(node.revision()).isPositive());

      for (int write = 0; write < WRITES; write++) {
        // When
        long began = System.nanoTime();
        long revision = tester.admin().apply(tenant(write)).path("revision").asLong();
        await()
            .pollInterval(Duration.ofMillis(5))
            .untilAsserted(() -> assertThat(node.revision()).isGreaterThanOrEqualTo(revision));

        // Then: with the write itself
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMISED);
      }
      assertThat(node.wholes()).isEqualTo(1);
      assertThat(tester.admin().node("eu-west-90").path("ackedRevision").asLong())
          .isEqualTo(node.revision());
    } finally {
      replica.destroy();
      timer.shutdownNow();
    }
  }

  /** Another process on the same database, with nothing but the ports changed. */
  private Process startReplica(int ports) throws IOException {
    var spec = tester.process("control-plane").spec();
    Map<String, String> environment = new HashMap<>(spec.environment());
    environment.put("PENSTOCK_ADMIN_PORT", Integer.toString(ports));
    environment.put("PENSTOCK_GRPC_PORT", Integer.toString(ports + 1));
    ProcessBuilder builder = new ProcessBuilder(spec.command());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        Files.createTempFile(tester.installation().state(), "replica", ".log").toFile());
    return builder.start();
  }

  private static String tenant(int write) {
    return """
    apiVersion: penstock.dev/v1
    kind: Tenant
    metadata: { name: replicated }
    spec: { parent: acme, displayName: Write %d }
    """
        .formatted(write);
  }
}
