package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.RecordedProvider.Call;
import dev.penstock.proto.usage.v1.RequestRecord;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An Anthropic client with a provider that speaks Anthropic, recorded and simulated. */
class AnthropicClientTest {

  private static final String STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":10,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: ping
      data: {"type":"ping"}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Olá"},"unheard_of":1}

      event: an_event_of_tomorrow
      data: {"type":"an_event_of_tomorrow"}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":6}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static final String BODY =
      "{\"model\":\"assistant\",\"max_tokens\":64,\"stream\":true,\"metadata\":{},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  private final NodeTester node = NodeTester.impatient();
  private final RecordedProvider anthropic = new RecordedProvider();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    anthropic.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 1, 11})
  void everyByteOfAStreamReachesTheClient(int bytesPerWrite) throws Exception {
    recorded();
    anthropic.streams(STREAM).inPieces(bytesPerWrite);

    HttpResponse<String> response =
        node.send(messages(BODY).header("anthropic-beta", "a-2026-01-01,b"));

    assertThat(response.body()).isEqualTo(STREAM);
    Call call = anthropic.onlyCall();
    assertThat(call.uri()).isEqualTo("/v1/messages");
    assertThat(call.body()).isEqualTo(BODY.replace("\"assistant\"", "\"claude-sonnet-5\""));
    assertThat(call.headers())
        .containsEntry("x-api-key", NodeTester.PROVIDER_KEY)
        .containsEntry("anthropic-version", "2026-10-21")
        .containsEntry("anthropic-beta", "a-2026-01-01,b")
        .doesNotContainKey("authorization");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getDialect()).isEqualTo("anthropic-messages");
    assertThat(record.getUsageSource()).isEqualTo("provider");
    assertThat(record.getTokens().getInput()).isEqualTo(35);
    assertThat(record.getTokens().getCacheRead()).isEqualTo(10);
    assertThat(record.getTokens().getOutput()).isEqualTo(6);
  }

  @Test
  void aCutStreamIsAnErrorAndIsChargedForWhatCame() throws Exception {
    recorded();
    anthropic.streams(STREAM.substring(0, STREAM.indexOf("event: an_event")));

    HttpResponse<String> response = node.send(messages(BODY));

    assertThat(response.body())
        .contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"")
        .contains("(upstream_cut)")
        .doesNotContain("message_stop");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("failed");
    assertThat(record.getUsageSource()).isEqualTo("partial");
    assertThat(record.getTokens().getInput()).isEqualTo(35);
    assertThat(record.getTokens().getOutput()).as("of the delivered text").isEqualTo(2);
  }

  @Test
  void takesTheKeyInEitherHeaderAndPrefersItsOwn() throws Exception {
    simulated("sim-text");

    assertThat(node.send(messages(BODY)).statusCode()).isEqualTo(200);
    assertThat(
            node.send(unkeyed(BODY).header("authorization", "Bearer " + node.key())).statusCode())
        .isEqualTo(200);
    HttpResponse<String> refused =
        node.send(
            unkeyed(BODY)
                .header("authorization", "Bearer " + node.key())
                .header("x-api-key", "pens_test_nobody"));
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\"")
        .contains("(invalid_api_key)");
    assertThat(refused.headers().firstValue("x-penstock-error-code")).contains("invalid_api_key");
    assertThat(refused.headers().firstValue("request-id"))
        .isEqualTo(refused.headers().firstValue("x-penstock-request-id"));
  }

  @Test
  void anOldClientIsServedInItsOwnVersion() throws Exception {
    recorded();
    anthropic.streams(STREAM);

    node.send(
        HttpRequest.newBuilder(node.uri("/v1/messages"))
            .header("x-api-key", node.key())
            .POST(BodyPublishers.ofString(BODY)));

    assertThat(anthropic.onlyCall().headers()).containsEntry("anthropic-version", "2023-06-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tomorrow", "2026-10-21-x", "2026-10-21, 2023-06-01"})
  void refusesAVersionThatIsNoDate(String version) throws Exception {
    recorded();

    HttpResponse<String> response =
        node.send(
            HttpRequest.newBuilder(node.uri("/v1/messages"))
                .header("x-api-key", node.key())
                .header("anthropic-version", version)
                .POST(BodyPublishers.ofString(BODY)));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("invalid_request_error").contains("anthropic-version");
    assertThat(anthropic.calls).isEmpty();
  }

  @Test
  void refusesBetasThatAreTooLong() throws Exception {
    recorded();

    HttpResponse<String> response =
        node.send(messages(BODY).header("anthropic-beta", "b".repeat(1025)));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("anthropic-beta").contains("1024");
  }

  @Test
  void countsTokensForNothing() throws Exception {
    simulated("sim-text");

    HttpResponse<String> response =
        node.send(
            at("/v1/messages/count_tokens")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"12345678\"}]}")));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).contains("\"input_tokens\"");
    assertThat(node.onlyRecord().getCostNanoUsd()).isZero();
    assertThat(node.sim.invoice().calls().getFirst().path()).isEqualTo("/v1/messages/count_tokens");
  }

  @Test
  void countsTokensItselfWhereNoProviderCan() throws Exception {
    node.model("assistant", "sim-n1").publish();

    HttpResponse<String> response =
        node.send(
            at("/v1/messages/count_tokens")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"system\":\"Be brief.\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                            .formatted("hello world ".repeat(50)))));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-penstock-usage-source")).contains("estimated");
    assertThat(new JsonObject(response.body()).getLong("input_tokens")).isBetween(120L, 150L);
    assertThat(node.sim.invoice().calls()).isEmpty();
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("served");
    assertThat(record.getCostNanoUsd()).isZero();
  }

  @Test
  void asksAProviderThatCanCountBeforeItCountsItself() throws Exception {
    recorded();
    anthropic.answers(200, "{\"input_tokens\":12}");

    HttpResponse<String> response =
        node.send(
            at("/v1/messages/count_tokens")
                .POST(
                    BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")));

    assertThat(response.body()).isEqualTo("{\"input_tokens\":12}");
    assertThat(response.headers().firstValue("x-penstock-usage-source")).isEmpty();
  }

  @Test
  void listsModelsInAnthropicsShape() throws Exception {
    recorded();

    HttpResponse<String> all = node.send(at("/v1/models"));

    assertThat(all.body())
        .isEqualTo(
            "{\"has_more\":false,\"first_id\":\"assistant\",\"last_id\":\"assistant\",\"data\":[{\"type\":\"model\",\"id\":\"assistant\",\"display_name\":\"assistant\",\"created_at\":\"1970-01-01T00:00:00Z\"}]}");
    HttpResponse<String> other = node.send(at("/v1/models/other"));
    assertThat(other.statusCode()).isEqualTo(404);
    assertThat(other.body()).contains("not_found_error");
  }

  private void recorded() {
    node.provider("anthropic", NodeTester.REGION, "anthropic", "", anthropic.baseUrl())
        .modelAt("assistant", "anthropic", "claude-sonnet-5")
        .publish();
  }

  private void simulated(String script) {
    node.provider("anthropic", NodeTester.REGION, "anthropic", "", node.sim.rootUrl())
        .modelAt("assistant", "anthropic", script)
        .publish();
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(node.uri(path))
        .header("x-api-key", node.key())
        .header("anthropic-version", "2026-10-21");
  }

  private HttpRequest.Builder messages(String body) {
    return at("/v1/messages").POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder unkeyed(String body) {
    return HttpRequest.newBuilder(node.uri("/v1/messages"))
        .header("anthropic-version", "2026-10-21")
        .POST(BodyPublishers.ofString(body));
  }
}
