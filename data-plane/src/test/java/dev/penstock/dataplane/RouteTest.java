package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.snapshot.PolicyContent.RetryOn;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.proto.usage.v1.Attempt;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route makes of a model name. */
class RouteTest {

  private static final String FINE = "sim-n3-d0-t0";
  private static final RouteTarget BROKEN_TARGET = new RouteTarget("small", "small-0", 1);
  private static final RouteTarget FINE_TARGET = new RouteTarget("large", "large-0", 1);

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void servesANameThatNoCatalogueHas() throws Exception {
    node.model("small", "sim-status-500").model("large", FINE);
    node.route(route(List.of(List.of(FINE_TARGET)))).allowOnly("fast", "large").publish();

    HttpResponse<String> response = node.send(node.chat("fast", true));

    assertThat(response.body()).endsWith("data: [DONE]\n\n");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getModelAsked()).isEqualTo("fast");
    assertThat(record.getModel()).isEqualTo("large");
    assertThat(record.getDeployment()).isEqualTo("large-0");
    assertThat(node.send(models()).body())
        .contains("\"fast\"", "\"large\"")
        .doesNotContain("small");
  }

  @Test
  void triesGroupAfterGroup() throws Exception {
    node.model("small", "sim-status-500").model("large", FINE);
    node.route(route(List.of(List.of(BROKEN_TARGET), List.of(FINE_TARGET))))
        .allowOnly("fast", "small", "large")
        .publish();

    assertThat(node.send(node.chat("fast", true)).body()).endsWith("data: [DONE]\n\n");

    assertThat(node.onlyRecord().getAttemptsList())
        .extracting(Attempt::getDeployment)
        .containsExactly("small-0", "large-0");
  }

  @Test
  void passesOverAModelThatIsNotAllowed() throws Exception {
    node.model("small", FINE).model("large", FINE);
    node.route(route(List.of(List.of(BROKEN_TARGET), List.of(FINE_TARGET))))
        .allowOnly("fast", "large")
        .publish();

    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(200);

    assertThat(node.onlyRecord().getAttemptsList())
        .extracting(Attempt::getDeployment)
        .containsExactly("large-0");
  }

  @Test
  void refusesWhereNoneOfItsModelsIsAllowed() throws Exception {
    node.model("small", FINE).model("large", FINE);
    node.route(route(List.of(List.of(BROKEN_TARGET)))).allowOnly("fast", "large").publish();

    HttpResponse<String> response = node.send(node.chat("fast", true));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("\"code\":\"model_not_allowed\"");
  }

  @Test
  void neverLeavesTheRegionByAFallback() throws Exception {
    node.model("small", "sim-status-500")
        .provider("abroad", "us-east", node.sim.baseUrl())
        .modelAt("large", "abroad", FINE);
    node.route(route(List.of(List.of(BROKEN_TARGET), List.of(FINE_TARGET))))
        .residency(NodeTester.REGION)
        .publish();

    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(403);
    node.allowOnly("fast", "small", "large").publish();
    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(502);

    assertThat(node.sim.invoice().calls()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "sim-status-500, TOO_MANY_REQUESTS, upstream_error",
    "sim-status-429, SERVER_ERROR,      upstream_rate_limited",
    "sim-stall,      CONNECT,           upstream_timeout",
    "sim-reset,      SERVER_ERROR,      upstream_error"
  })
  void triesAgainOnlyForWhatItSays(String script, RetryOn on, String code) throws Exception {
    node.model("small", script).model("large", FINE);
    node.route(retrying(new RouteRetry(0, Set.of(on))))
        .allowOnly("fast", "small", "large")
        .publish();

    HttpResponse<String> response = node.send(node.chat("fast", true));

    assertThat(response.body()).contains("\"code\":\"" + code + "\"");
    assertThat(node.onlyRecord().getAttemptsCount()).isOne();
  }

  @Test
  void makesNoMoreCallsThanItMay() throws Exception {
    node.model("small", "sim-status-500").model("large", FINE);
    node.route(retrying(new RouteRetry(1, Set.of()))).allowOnly("fast", "small", "large").publish();

    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(502);

    assertThat(node.onlyRecord().getAttemptsCount()).isOne();
  }

  @Test
  void waitsAsLongAsItSays() throws Exception {
    node.model("small", "sim-n3-d0-t1000000").model("large", FINE);
    RouteTimeouts hurry = new RouteTimeouts(0, 500, 0, 0);
    node.route(
            new RouteRule(
                "acme",
                "fast",
                "fast",
                List.of(List.of(BROKEN_TARGET), List.of(FINE_TARGET)),
                hurry,
                RouteRetry.ALL))
        .allowOnly("fast", "small", "large")
        .publish();

    assertThat(node.send(node.chat("large", true)).statusCode()).as("warm").isEqualTo(200);
    assertThat(node.send(node.chat("fast", true)).statusCode()).isEqualTo(200);
    assertThat(node.send(node.chat("small", true)).statusCode()).isEqualTo(200);

    List<RequestRecord> records = await().until(node.spool::records, found -> found.size() == 3);
    assertThat(records.get(1).getAttemptsList())
        .extracting(Attempt::getError)
        .containsExactly("first_token_timeout", "");
    assertThat(records.getLast().getAttemptsCount()).isOne();
  }

  private HttpRequest.Builder models() {
    return HttpRequest.newBuilder(node.uri("/v1/models"))
        .header("authorization", "Bearer " + node.key());
  }

  private static RouteRule route(List<List<RouteTarget>> groups) {
    return new RouteRule("acme", "fast", "fast", groups, RouteTimeouts.NONE, RouteRetry.ALL);
  }

  private static RouteRule retrying(RouteRetry retry) {
    return new RouteRule(
        "acme",
        "fast",
        "fast",
        List.of(List.of(BROKEN_TARGET), List.of(FINE_TARGET)),
        RouteTimeouts.NONE,
        retry);
  }
}
