package dev.penstock.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.installation.NodeName;
import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.OnFaultStack;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Replica;
import dev.penstock.it.kit.SimulatedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rollout in waves belongs to no process: whichever control plane is there has it go on. */
@OnFaultStack
class RolloutGoesOnTest {
  private static final String CONTROL_PLANE = "control-plane";
  private static final String TENANT =
      """
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: rolled-out }
      spec: { parent: acme, displayName: Rolled out }
      """;

  private final PenstockTester tester;

  RolloutGoesOnTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void overTheDeathOfTheControlPlaneThatBeganIt(@TempDir Path folder) throws IOException {
    // Given
    Path manifest = Files.writeString(folder.resolve("tenant.yaml"), TENANT);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (Replica replica = Replica.start(tester, Map.of());
        SimulatedNode waiting =
            SimulatedNode.connect(
                tester,
                replica.grpcPort(),
                new NodeName("eu-west", 90),
                timer,
                new SimulatedNode.Trees())) {
      await()
          .atMost(Patience.FOR_AN_ANSWER)
          .untilAsserted(() -> assertThat(waiting.revision()).isPositive());
      long base = waiting.revision();

      // When
      Command applied = tester.penstock("apply", "-f", manifest.toString(), "--waves");
      assertThat(applied.exitCode()).as(applied.output()).isZero();
      assertThat(applied.output()).contains("in waves: ./penstock get rollouts");
      assertThat(waiting.revision()).isEqualTo(base);
      tester.process(CONTROL_PLANE).kill();

      // Then
      JsonNode atDeath = newest(replica);
      assertThat(atDeath.path("baseRevision").asLong()).isEqualTo(base);
      await()
          .atMost(Patience.FOR_AN_ANSWER)
          .untilAsserted(() -> assertThat(newest(replica)).isNotEqualTo(atDeath));
      tester.startAgain(CONTROL_PLANE);
      await()
          .atMost(Patience.FOR_AN_ANSWER)
          .untilAsserted(() ->
              assertThat(newest(replica).path("state").asText())
                  .as(newest(replica).toString())
                  .isEqualTo("done"));
      assertThat(waiting.revision()).isGreaterThan(base);
    } finally {
      timer.shutdownNow();
    }
  }

  private JsonNode newest(Replica replica) {
    return replica.admin(tester).get("rollouts?limit=1").path("items").path(0);
  }
}
