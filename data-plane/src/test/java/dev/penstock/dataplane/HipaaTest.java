package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.proto.usage.v1.Attempt;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tenant in HIPAA mode is refused, and that there is no way around it. */
class HipaaTest {

  private static final String FINE = "sim-n3-d0-t0";
  private static final String CHAT =
      "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  private static Guard guard(String name, Side... sides) {
    return new Guard("acme", name, Set.of(sides), List.of(new Detector.Secrets(Action.BLOCK)));
  }

  private NodeTester guarded() {
    return node.hipaa().guard(guard("both", Side.INPUT, Side.OUTPUT), false);
  }

  @Test
  void servesWhereEveryConditionIsMet() throws Exception {
    guarded().model("assistant", FINE).compliant("sim").publish();

    assertThat(node.send(node.chat("assistant", true)).body()).endsWith("data: [DONE]\n\n");

    assertThat(reasons(node.onlyRecord()))
        .anyMatch(each ->
            each.contains("hipaa: providers with hipaa-baa, enforced guards on input and output"));
  }

  @Test
  void countsTwoGuardsForTheTwoSides() throws Exception {
    node.hipaa().guard(guard("in", Side.INPUT), false).guard(guard("out", Side.OUTPUT), false);
    node.model("assistant", FINE).compliant("sim").publish();

    assertThat(node.send(node.chat("assistant", true)).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesProvidersWithoutAnAgreement() throws Exception {
    guarded().model("assistant", FINE).publish();

    HttpResponse<String> refused = node.send(node.chat("assistant", true));

    assertRefused(
        refused,
        403,
        "model_not_allowed",
        "model_not_allowed: hipaa: no provider of the model has the compliance hipaa-baa");
    assertThat(refused.body()).contains("HIPAA mode", "hipaa-baa", "\"param\":\"model\"");
  }

  @ParameterizedTest
  @CsvSource({
    "INPUT,  false, output",
    "OUTPUT, false, input",
    "INPUT,  true,  'input, output'",
  })
  void refusesWhereASideHasNoEnforcedGuard(Side side, boolean observed, String missing)
      throws Exception {
    node.hipaa().guard(guard("one", side), observed);
    node.model("assistant", FINE).compliant("sim").publish();

    HttpResponse<String> refused = node.send(node.chat("assistant", true));

    assertRefused(
        refused, 400, "guard_blocked", "guard_blocked: hipaa: no enforced guard on " + missing);
    assertThat(refused.body()).contains("HIPAA mode", "has to search its");
  }

  @Test
  void takesAGuardThatNobodyHasForNone() throws Exception {
    node.hipaa().guardOfNobody("gone").model("assistant", FINE).compliant("sim").publish();

    assertRefused(
        node.send(node.chat("assistant", true)),
        400,
        "guard_blocked",
        "guard_blocked: hipaa: no enforced guard on input, output");
  }

  @Test
  void isSoonTooStale() throws Exception {
    guarded().model("assistant", FINE).compliant("sim").publish();
    node.snapshots.freshness().onRestored(Duration.ofMinutes(16));

    HttpResponse<String> refused = node.send(node.chat("assistant", true));

    assertRefused(refused, 503, "policy_stale", "policy is stale: hipaa: too old for HIPAA mode");
    assertThat(refused.body()).contains("which is in HIPAA mode");
  }

  /** Not even after a failure, where the next in line is the only one that would answer. */
  @Test
  void neverFallsBackToAProviderWithoutAnAgreement() throws Exception {
    guarded()
        .model("small", "sim-status-500")
        .provider("other", NodeTester.REGION, node.sim.baseUrl())
        .modelAt("large", "other", FINE)
        .compliant("sim");
    node.route(
            new RouteRule(
                "acme",
                "fast",
                "fast",
                List.of(
                    List.of(new RouteTarget("small", "small-0", 1)),
                    List.of(new RouteTarget("large", "large-0", 1))),
                RouteTimeouts.NONE,
                RouteRetry.ALL))
        .allowOnly("fast", "small", "large")
        .publish();

    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(502);

    assertThat(node.onlyRecord().getAttemptsList())
        .extracting(Attempt::getDeployment)
        .containsOnly("small-0");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages/count_tokens, true",
    "/v1/messages/count_tokens, false",
    "/v1/embeddings,            true",
    "/v1/embeddings,            false",
    "/v1/responses,             true",
    "/v1/messages,              true",
    "/mistral/v1/chat/completions, true",
  })
  void holdsAtEveryEndpoint(String path, boolean hasGuards) throws Exception {
    node.hipaa().model("assistant", FINE);
    if (hasGuards) {
      guarded();
    } else {
      node.compliant("sim");
    }
    node.publish();

    HttpResponse<String> refused =
        node.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port + path))
                .header("authorization", "Bearer " + node.key())
                .header("content-type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"max_tokens\":5,\"input\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(hasGuards ? 403 : 400);
    assertThat(refused.headers().firstValue("x-penstock-error-code"))
        .contains(hasGuards ? "model_not_allowed" : "guard_blocked");
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  @Test
  void holdsForEveryMessageOfAWebSocket() throws Exception {
    guarded().model("assistant", FINE).publish();

    SocketTester socket = SocketTester.connect(node, SocketTester.CHAT).send(CHAT);

    await()
        .untilAsserted(
            () -> assertThat(socket.texts.toString()).contains("model_not_allowed", "hipaa-baa"));
    socket.socket.abort();
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  private void assertRefused(HttpResponse<String> refused, int status, String code, String reason) {
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
    assertThat(refused.body()).contains("\"code\":\"" + code + "\"");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getErrorCode()).isEqualTo(code);
    assertThat(reasons(record)).contains(reason);
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  private static List<String> reasons(RequestRecord record) {
    return record.getDecisionsList().stream().map(Decision::getReason).toList();
  }
}
