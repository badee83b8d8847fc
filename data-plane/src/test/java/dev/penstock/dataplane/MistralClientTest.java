package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.RecordedProvider.Call;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Mistral client at its own base path, with a provider that speaks Mistral. */
class MistralClientTest {

  private static final String STREAM =
      """
      data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","p":"ab","choices":[{"index":0,"delta":{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]},"finish_reason":null}]}

      data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Olá"},"finish_reason":null}]}

      data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"total_tokens":19,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":4}}}

      data: [DONE]

      """;

  private final NodeTester node = NodeTester.impatient();
  private final RecordedProvider mistral = new RecordedProvider();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    mistral.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 1, 7})
  void everyByteOfAStreamReachesTheClient(int bytesPerWrite) throws Exception {
    published();
    mistral.streams(STREAM).inPieces(bytesPerWrite);

    HttpResponse<String> response =
        node.send(
            chat(
                "{\"model\":\"assistant\",\"stream\":true,\"safe_prompt\":false,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));

    assertThat(response.body()).isEqualTo(STREAM);
    Call call = mistral.onlyCall();
    assertThat(call.uri()).isEqualTo("/v1/chat/completions");
    assertThat(call.headers())
        .containsEntry("authorization", "Bearer " + NodeTester.PROVIDER_KEY)
        .doesNotContainKeys("x-api-key", "anthropic-version");
    assertThat(call.body())
        .isEqualTo(
            "{\"model\":\"mistral-large\",\"stream\":true,\"safe_prompt\":false,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getDialect()).isEqualTo("mistral-chat");
    assertThat(record.getOutcome()).isEqualTo("served");
    assertThat(record.getTokens().getInput()).isEqualTo(12);
    assertThat(record.getTokens().getCacheRead()).isEqualTo(4);
    assertThat(record.getTokens().getOutput()).isEqualTo(7);
  }

  @Test
  void passesOnWhatTheProviderFindsFaultWith() throws Exception {
    published();
    String fault =
        "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"store\"],\"msg\":\"no\"}]}";
    mistral.answers(422, fault);

    HttpResponse<String> response =
        node.send(chat("{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\"}],\"store\":1}"));

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.body()).isEqualTo(fault);
    assertThat(response.headers().firstValue("x-should-retry")).contains("false");
  }

  @Test
  void aCutStreamIsAnErrorAndNoEnd() throws Exception {
    published();
    mistral.streams(STREAM.substring(0, STREAM.indexOf("data: {\"id\":\"c1\"", 10)));

    HttpResponse<String> response =
        node.send(
            chat(
                "{\"model\":\"assistant\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));

    assertThat(response.body())
        .contains("event: error\ndata: {\"error\":")
        .contains("upstream_cut");
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("failed");
  }

  @Test
  void refusesInMistralsShape() throws Exception {
    published();

    HttpResponse<String> response =
        node.send(chat("{\"model\":\"unheard-of\",\"messages\":[{\"role\":\"user\"}]}"));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body())
        .startsWith("{\"object\":\"error\",\"message\":\"There is no model of this name")
        .contains("\"param\":\"model\",\"code\":\"model_not_found\",\"raw_status_code\":404");
    String id = response.headers().firstValue("x-penstock-request-id").orElseThrow();
    assertThat(response.headers().firstValue("mistral-correlation-id")).contains(id);
    assertThat(response.headers().firstValue("x-request-id")).contains(id);
    assertThat(response.headers().firstValue("request-id")).contains(id);
    assertThat(response.headers().firstValue("x-penstock-error-code")).contains("model_not_found");
  }

  @Test
  void listsModelsBelowItsOwnBasePath() throws Exception {
    published();

    HttpResponse<String> all = node.send(get("/mistral/v1/models"));

    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(all.body()).contains("\"id\":\"assistant\"").contains("\"capabilities\":{}");
    assertThat(node.send(get("/mistral/v1/models/assistant")).statusCode()).isEqualTo(200);
    assertThat(node.send(get("/mistral/v1/modelsx")).body())
        .contains("\"object\":\"error\"")
        .contains("/mistral/v1/chat/completions");
  }

  private void published() {
    node.provider("mistral", NodeTester.REGION, "mistral", "", mistral.baseUrl())
        .modelAt("assistant", "mistral", "mistral-large")
        .publish();
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(node.uri(path)).header("authorization", "Bearer " + node.key());
  }

  private HttpRequest.Builder chat(String body) {
    return get("/mistral/v1/chat/completions")
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }
}
