package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.providersim.invoice.BilledCall;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One exchange through the node, from a client's socket to a provider's. */
class ExchangeTest {

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void streamsWhatTheProviderSendsAndWithholdsTheUsageItAskedFor() throws Exception {
    node.model("assistant", "sim-n5-b24-d0-t0").publish();

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .contains("text/event-stream; charset=utf-8");
    assertThat(response.body()).endsWith("data: [DONE]\n\n").doesNotContain("prompt_tokens");
    assertThat(response.body().split("\"content\":\"0000", -1)).hasSize(6);
    RequestRecord record = node.onlyRecord();
    assertThat(record.getId())
        .isEqualTo(response.headers().firstValue("x-penstock-request-id").orElseThrow());
    assertThat(record.getOutcome()).isEqualTo("served");
    assertThat(record.getUsageSource()).isEqualTo("provider");
    assertThat(record.getTokens().getOutput()).isEqualTo(5);
    assertThat(record.getTtftUpstreamMicros()).isPositive();
    assertThat(record.getTtftDeliveredMicros())
        .isGreaterThanOrEqualTo(record.getTtftUpstreamMicros());
    assertThat(record.getCostNanoUsd()).isEqualTo(expectedCost(record));
    assertThat(record.getAttemptsList())
        .singleElement()
        .satisfies(a -> assertThat(a.getBillable()).isTrue());
    assertThat(record.getDecisionsList())
        .extracting(d -> d.getStep())
        .containsExactly(
            "arrive",
            "identify",
            "resolve",
            "admit",
            "screen",
            "recall",
            "choose",
            "hold",
            "open",
            "relay",
            "settle");
  }

  @Test
  void passesTheUsageThatTheClientAskedFor() throws Exception {
    node.model("assistant", "sim-n2-d0-t0").publish();

    HttpResponse<String> response =
        node.send(
            node.chatBody(
                "{\"model\":\"assistant\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));

    assertThat(response.body()).contains("\"prompt_tokens\":");
  }

  @Test
  void answersInOnePiece() throws Exception {
    node.model("assistant", "sim-n5-d0-t0").publish();

    HttpResponse<String> response = node.send(node.chat("assistant", false));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"object\":\"chat.completion\"");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getTokens().getOutput()).isEqualTo(5);
    assertThat(record.getTransport()).isEqualTo("http");
    assertThat(record.getCostNanoUsd()).isEqualTo(expectedCost(record));
  }

  @Test
  void sendsTheProviderNothingOfTheClients() throws Exception {
    node.model("assistant", "sim-n1-d0-t0").publish();

    node.send(
        node.chat("assistant", true)
            .header("x-forwarded-for", "10.0.0.1")
            .header("cookie", "a=b")
            .header("openai-organization", "org")
            .header("x-penstock-tenant", "other"));

    BilledCall call = node.sim.invoice().calls().getFirst();
    assertThat(call.status()).isEqualTo(200);
    assertThat(call.headerNames())
        .containsExactlyInAnyOrder(
            "host",
            "authorization",
            "content-type",
            "accept",
            "accept-encoding",
            "user-agent",
            "content-length");
  }

  @Test
  void estimatesWhatAProviderDoesNotReport() throws Exception {
    node.model("assistant", "sim-missing-usage").publish();

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    RequestRecord record = node.onlyRecord();
    assertThat(record.getUsageSource()).isEqualTo("estimated");
    String text =
        Pattern.compile("\"content\":\"([^\"]*)\"")
            .matcher(response.body())
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.joining());
    int tokens =
        Encodings.newLazyEncodingRegistry()
            .getEncoding(EncodingType.O200K_BASE)
            .countTokensOrdinary(text);
    assertThat(record.getTokens().getOutput())
        .as("of a model that nobody knows, as if it had a fifth more")
        .isEqualTo(Math.ceilDiv(tokens * 6, 5))
        .isPositive();
    assertThat(record.getTokens().getInput()).isPositive();
    assertThat(record.getCostNanoUsd()).isEqualTo(expectedCost(record));
  }

  @Test
  void endsWithoutInventingATerminalEvent() throws Exception {
    node.model("assistant", "sim-no-done").publish();

    HttpResponse<String> response = node.send(node.chat("assistant", true));

    assertThat(response.body()).doesNotContain("[DONE]").doesNotContain("event: error");
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("served");
  }

  @Test
  void passesOnTheProvidersWordsAboutABadRequest() throws Exception {
    node.model("assistant", "sim-n1").publish();

    HttpResponse<String> response =
        node.send(
            node.chatBody(
                "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"unheard_of\":1}"));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("unheard_of");
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("upstream_error");
  }

  @Test
  void listsTheModelsThatMayBeUsed() throws Exception {
    node.model("assistant", "sim-n1").model("other", "sim-n1").allowOnly("assistant").publish();

    assertThat(node.send(models("/v1/models")).body())
        .contains("\"id\":\"assistant\"")
        .doesNotContain("other");
    assertThat(node.send(models("/v1/models/assistant")).statusCode()).isEqualTo(200);
    assertThat(node.send(models("/v1/models/other")).statusCode()).isEqualTo(404);
  }

  private HttpRequest.Builder models(String path) {
    return HttpRequest.newBuilder(node.uri(path)).header("authorization", "Bearer " + node.key());
  }

  private static long expectedCost(RequestRecord record) {
    Map<Long, Long> items =
        Map.of(
            2_500L, record.getTokens().getInput() - record.getTokens().getCacheRead(),
            1_250L, record.getTokens().getCacheRead(),
            10_000L, record.getTokens().getOutput());
    return items.entrySet().stream()
        .mapToLong(item -> Math.ceilDiv(item.getKey() * item.getValue(), 1_000_000))
        .sum();
  }
}
