package dev.penstock.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Books;
import dev.penstock.it.kit.OnFaultStack;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.RawStream;
import dev.penstock.it.kit.RawStream.Transport;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node knew when it was killed is reported by the one that takes its place. */
@OnFaultStack
class NodeDiesTest {
  private static final String CONTROL_PLANE = "control-plane";

  private final PenstockTester tester;

  NodeDiesTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void leavesItsSpoolAndAPresumptionAboutTheStreamItWasServing() throws Exception {
    // Given: ten requests that only the node's spool knows of, and a stream that is under way
    Application application = tester.application().upstream("sim-n3000-b24-d2000-t0-g1").create();
    Application quick = application.asking("m-quick-" + application.model());
    tester.admin().applyEverywhere(quickModel(quick));
    HttpResponse<String> first = quick.stream();
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    long mark = tester.simulator().mark();
    List<String> ids = new ArrayList<>(List.of(Books.requestId(first)));
    tester.process(CONTROL_PLANE).kill();
    for (int i = 0; i < 10; i++) {
      HttpResponse<String> answer = quick.stream();
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      ids.add(Books.requestId(answer));
    }
    RawStream stream = RawStream.open(application, Transport.SSE);
    ids.add(stream.header("x-penstock-request-id"));
    stream.raw().readNBytes(250_000);

    // When
    tester.process(PenstockTester.EU_NODE).kill();
    stream.close();
    tester.startAgain(CONTROL_PLANE);
    tester.startAgain(PenstockTester.EU_NODE);

    // Then
    new Books(tester).assertRecordedOnce(application, ids);
    JsonNode open = tester.admin().record(ids.getLast());
    JsonNode call = abortedCall(application, mark);
    assertThat(open.path("presumed").asBoolean()).isTrue();
    assertThat(open.path("tokens").path("output").asLong())
        .isPositive()
        .isLessThanOrEqualTo(call.path("chunksSent").asLong());
    assertThat(open.path("costNanoUsd").asLong()).isPositive();
    assertThat(ids.subList(0, 11))
        .allSatisfy(
            id -> assertThat(tester.admin().record(id).path("presumed").asBoolean(true)).isFalse());
  }

  private JsonNode abortedCall(Application application, long mark) {
    List<JsonNode> calls = new ArrayList<>();
    await()
        .untilAsserted(() -> {
          calls.clear();
          calls.addAll(tester.simulator().calls(application.upstreamModel(), mark));
          assertThat(calls).hasSize(1);
          assertThat(calls.getFirst().path("outcome").asText()).isEqualTo("aborted");
        });
    return calls.getFirst();
  }

  private static String quickModel(Application application) {
    return """
    apiVersion: penstock.dev/v1
    kind: Model
    metadata: { name: %1$s }
    spec:
      contextTokens: 128000
      maxOutputTokens: 1000
      prices:
        - validFrom: 2026-01-01T00:00:00Z
          perMillionTokens: { input: "2.50", output: "10.00" }
      deployments:
        - { name: %1$s-eu, provider: openai-eu, upstreamModel: sim-n4-b24-d0-t0-g1, weight: 100 }
    ---
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: %2$s, name: default }
    spec:
      mode: enforce
      models: { allow: [%1$s, %3$s] }
    """
        .formatted(
            application.model(), application.tenant(), application.model().replace("m-quick-", ""));
  }
}
