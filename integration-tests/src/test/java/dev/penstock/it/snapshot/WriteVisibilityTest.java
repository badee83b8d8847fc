package dev.penstock.it.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** What an administrator writes is in force on the nodes at once, for all that anybody can tell. */
@ExtendWith(SharedStack.class)
@Isolated
class WriteVisibilityTest {
  private static final int WRITES = 9;
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private final PenstockTester tester;

  WriteVisibilityTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void takesAtMostASecondToReachAConnectedNode() {
    // Given
    Application application = tester.application().create();
    List<Duration> delays = new ArrayList<>();

    // When
    for (int write = 0; write < WRITES; write++) {
      boolean allowed = write % 2 == 1;
      long began = System.nanoTime();
      tester.admin().apply(allowing(application, allowed ? application.model() : "assistant"));
      await()
          .pollInterval(Duration.ofMillis(5))
          .pollDelay(Duration.ZERO)
          .untilAsserted(
              () -> assertThat(application.stream().statusCode()).isEqualTo(allowed ? 200 : 403));
      delays.add(Duration.ofNanos(System.nanoTime() - began));
    }

    // Then: with the write itself, and with the request that noticed
    Collections.sort(delays);
    assertThat(delays.get(WRITES / 2)).as(delays.toString()).isLessThanOrEqualTo(PROMISED);
  }

  private static String allowing(Application application, String model) {
    return """
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: %s, name: default }
    spec:
      mode: enforce
      models: { allow: [%s] }
      residency: { regions: [eu-west, us-east] }
    """
        .formatted(application.tenant(), model);
  }
}
