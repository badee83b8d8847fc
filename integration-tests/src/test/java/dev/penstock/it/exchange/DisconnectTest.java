package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.RawStream;
import dev.penstock.it.kit.RawStream.Transport;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that leaves in mid-stream stops the provider, and pays for what came until then. */
@ExtendWith(SharedStack.class)
class DisconnectTest {
  private static final Duration PROMPT = Duration.ofMillis(200);

  private final PenstockTester tester;

  DisconnectTest(PenstockTester tester) {
    this.tester = tester;
  }

  /** How a client can go: as a killed process, or with a goodbye. */
  enum Leaving {
    RESET,
    CLOSE
  }

  @ParameterizedTest
  @CsvSource({"SSE,RESET", "SSE,CLOSE", "WEBSOCKET,RESET", "WEBSOCKET,CLOSE"})
  void cancelsTheProviderAndChargesWhatWasUsed(Transport transport, Leaving leaving)
      throws IOException {
    // Given
    Application application =
        tester.application().upstream("sim-n5000-b24-d10000-t1000-g1").create();
    long mark = tester.simulator().mark();
    RawStream stream = RawStream.open(application, transport);
    stream.raw().readNBytes(2000);

    // When
    Instant left = Instant.now();
    switch (leaving) {
      case RESET -> stream.close();
      case CLOSE -> stream.leave();
    }

    // Then
    JsonNode call = abortedCall(application, mark);
    Instant cancelled =
        Instant.parse(call.path("startedAt").asText())
            .plus(call.path("abortedAtMicros").asLong(), ChronoUnit.MICROS);
    assertThat(Duration.between(left, cancelled)).isLessThan(PROMPT);
    JsonNode record = onlyRecord(application);
    assertThat(record.path("outcome").asText()).isEqualTo("cancelled");
    assertThat(record.path("usageSource").asText()).isEqualTo("estimated");
    assertThat(record.path("costNanoUsd").asLong()).isPositive();
    assertThat(record.path("tokens").path("output").asLong())
        .isPositive()
        .isLessThanOrEqualTo(24 * call.path("chunksSent").asLong()); // no token without a byte
  }

  private JsonNode abortedCall(Application application, long mark) {
    await()
        .untilAsserted(() ->
            assertThat(tester.simulator().calls(application.upstreamModel(), mark))
                .singleElement()
                .satisfies(call -> assertThat(call.path("outcome").asText()).isEqualTo("aborted")));
    return tester.simulator().calls(application.upstreamModel(), mark).getFirst();
  }

  private JsonNode onlyRecord(Application application) {
    await()
        .untilAsserted(() -> assertThat(tester.admin().records(application.tenant())).hasSize(1));
    List<JsonNode> records = tester.admin().records(application.tenant());
    return records.getFirst();
  }
}
