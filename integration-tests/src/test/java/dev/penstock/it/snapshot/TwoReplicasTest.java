package dev.penstock.it.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.cli.installation.NodeName;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Replica;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.SimulatedNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Control plane replicas are interchangeable: what one is told, the nodes of the other enforce. */
@ExtendWith(SharedStack.class)
@Isolated
class TwoReplicasTest {

  private static final Duration PROMISED = Duration.ofSeconds(1);
  private static final int WRITES = 5;

  private final PenstockTester tester;

  TwoReplicasTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void whatOneReplicaWritesIsAtTheOthersNodesWithinASecond() throws IOException {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (Replica replica = Replica.start(tester, Map.of());
        SimulatedNode node =
            SimulatedNode.connect(
                tester,
                replica.grpcPort(),
                new NodeName("eu-west", 90),
                timer,
                new SimulatedNode.Trees())) {
      // Given
      await()
          .atMost(Patience.FOR_AN_ANSWER)
          .untilAsserted(() -> assertThat(node.revision()).isPositive());

      List<Duration> delays = new ArrayList<>();
      for (int write = 0; write < WRITES; write++) {
        // When
        long began = System.nanoTime();
        long revision = tester.admin().apply(tenant(write)).path("revision").asLong();
        await()
            .pollInterval(Duration.ofMillis(5))
            .untilAsserted(() -> assertThat(node.revision()).isGreaterThanOrEqualTo(revision));

        delays.add(Duration.ofNanos(System.nanoTime() - began));
      }

      // Then: with the write itself
      Collections.sort(delays);
      assertThat(delays.get(WRITES / 2)).as(delays.toString()).isLessThan(PROMISED);
      assertThat(node.wholes()).isEqualTo(1);
      assertThat(tester.admin().node("eu-west-90").path("ackedRevision").asLong())
          .isEqualTo(node.revision());
    } finally {
      timer.shutdownNow();
    }
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
