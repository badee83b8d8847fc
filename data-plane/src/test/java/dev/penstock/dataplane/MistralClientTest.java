package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.RecordedProvider.Call;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  private static final String PATH = "/mistral/v1/chat/completions";
  private static final String ASKED =
      "{\"model\":\"assistant\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final NodeTester node = NodeTester.impatient();
  private final RecordedProvider mistral = new RecordedProvider();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    mistral.close();
  }

  /**
   * The last read completes an event that alone is more than may wait for a client. What would wait
   * for room then waits until the exchange is too old.
   */
  @Test
  @Timeout(30)
  void anEndThatComesWithMuchReachesTheClientToo() throws Exception {
    published();
    String stream = STREAM.replace("Olá", "Olá".repeat(30_000));
    mistral.streams(stream);

    HttpResponse<String> response = node.send(chat(ASKED));

    assertThat(response.body()).isEqualTo(stream);
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

    String answer = node.exchange(node.post(PATH, ASKED));

    assertBrokenOff(answer, "upstream_cut");
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("failed");
  }

  @Test
  void callsComeTogetherInTheLastChunk() throws Exception {
    node.model("assistant", "sim-tools").publish();

    String answer = node.send(chat(ASKED)).body();

    List<JsonNode> chunks = chunks(answer);
    assertThat(answer).endsWith("data: [DONE]\n\n");
    assertThat(chunks.getLast().at("/choices/0/finish_reason").textValue()).isEqualTo("tool_calls");
    assertThat(arguments(chunks.getLast(), 0)).isEqualTo("{\"city\":\"Paris\"}");
    assertThat(arguments(chunks.getLast(), 1)).isEqualTo("{\"city\":\"Rome\"}");
    assertThat(chunks.getLast().at("/usage/completion_tokens").intValue()).isPositive();
    assertThat(chunks.subList(0, chunks.size() - 1))
        .allSatisfy(chunk -> assertThat(chunk.findValue("tool_calls")).isNull());
  }

  @Test
  void aCallThatTakesItsTimeShowsSignsOfLife() throws Exception {
    callsWith("\\\"a\\\",", 600);

    String answer = node.send(chat(ASKED)).body();

    assertThat(answer.split(": keep-alive\n\n", -1)).hasSize(3);
    assertThat(arguments(chunks(answer).getLast(), 0)).isEqualTo("\"a\",".repeat(600));
  }

  @Test
  void callsThatAreTooLargeAreTheProvidersError() throws Exception {
    callsWith("a".repeat(64 << 10), 65);

    String answer = node.exchange(node.post(PATH, ASKED));

    assertBrokenOff(answer, "upstream_error");
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("upstream_error");
  }

  /** A provider of OpenAI's dialect calls a tool with so many pieces of arguments. */
  private void callsWith(String piece, int pieces) {
    String chunk =
        "data: {\"id\":\"c\",\"model\":\"m\",\"created\":1,\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}\n\n";
    String call =
        "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}";
    String argument =
        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + piece + "\"}}]}";
    mistral.streams(
        chunk.formatted(call, "null")
            + chunk.formatted(argument, "null").repeat(pieces)
            + chunk.formatted("{}", "\"tool_calls\"")
            + "data: [DONE]\n\n");
    node.provider("openai", NodeTester.REGION, mistral.baseUrl())
        .modelAt("assistant", "openai", "gpt")
        .publish();
  }

  private static String arguments(JsonNode chunk, int call) {
    return chunk
        .at("/choices/0/delta/tool_calls/%d/function/arguments".formatted(call))
        .textValue();
  }

  private static List<JsonNode> chunks(String answer) throws IOException {
    List<JsonNode> chunks = new ArrayList<>();
    for (String line : answer.lines().toList()) {
      if (line.startsWith("data: {")) {
        chunks.add(JSON.readTree(line.substring("data: ".length())));
      }
    }
    return chunks;
  }

  /** LangChain4j raises nothing but this: the response has no last chunk. */
  private static void assertBrokenOff(String answer, String code) {
    assertThat(answer)
        .contains("event: error\ndata: {\"error\":", code)
        .doesNotContain("[DONE]", "finish_reason\":\"")
        .endsWith("}}\n\n\r\n");
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
    return get(PATH).header("content-type", "application/json").POST(BodyPublishers.ofString(body));
  }
}
