package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an OpenAI client asks beside chat completions, at a provider that speaks OpenAI. */
class OpenAiClientTest {

  private static final String EMBEDDINGS =
      "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":\"AACAPw==\"}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}";

  private static final String RESPONSE =
      """
      event: response.created
      data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","output":[],"usage":null}}

      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":1,"item_id":"m","output_index":0,"content_index":0,"delta":"Hi","logprobs":[],"obfuscation":"x"}

      event: response.completed
      data: {"type":"response.completed","sequence_number":2,"response":{"id":"resp_1","object":"response","status":"completed","output":[],"usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":4},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":17}}}

      """;

  private final NodeTester node = NodeTester.impatient();
  private final RecordedProvider openai = new RecordedProvider();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    openai.close();
  }

  @Test
  void embeddingsKeepTheirBytesAndCostTheirInput() throws Exception {
    published();
    openai.answers(200, EMBEDDINGS);

    HttpResponse<String> response =
        post(
            "/v1/embeddings",
            "{\"model\":\"assistant\",\"input\":[\"x\"],\"encoding_format\":\"base64\"}");

    assertThat(response.body()).isEqualTo(EMBEDDINGS);
    assertThat(openai.onlyCall().uri()).isEqualTo("/embeddings");
    assertThat(openai.onlyCall().body())
        .isEqualTo("{\"model\":\"up\",\"input\":[\"x\"],\"encoding_format\":\"base64\"}");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getTokens().getInput()).isEqualTo(3);
    assertThat(record.getTokens().getOutput()).isZero();
    assertThat(record.getUsageSource()).isEqualTo("provider");
  }

  @Test
  void responsesKeepTheirBytes() throws Exception {
    published();
    openai.streams(RESPONSE).inPieces(5);

    HttpResponse<String> response =
        post("/v1/responses", "{\"model\":\"assistant\",\"stream\":true,\"input\":\"x\"}");

    assertThat(response.body()).isEqualTo(RESPONSE);
    assertThat(openai.onlyCall().uri()).isEqualTo("/responses");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getDialect()).isEqualTo("openai-responses");
    assertThat(record.getTokens().getInput()).isEqualTo(12);
    assertThat(record.getTokens().getReasoning()).isEqualTo(2);
    assertThat(record.getTokens().getOutput()).isEqualTo(5);
  }

  @Test
  void whatLiesAtTheProviderIsHeldForAsIfItFilledTheContext() throws Exception {
    published();
    openai.streams(RESPONSE);

    post(
        "/v1/responses",
        """
        {"model":"assistant","stream":true,"input":"x","max_output_tokens":1,
         "previous_response_id":"resp_1"}
        """);

    // Two million tokens at 2,500 nano-USD a million, one of output, and the rounding of line
    // items.
    assertThat(node.onlyRecord().getDecisionsList())
        .filteredOn(decision -> decision.getStep().equals("hold"))
        .extracting(Decision::getReason)
        .singleElement()
        .asString()
        .startsWith("0.000005007 USD");
  }

  @Test
  void azureIsAskedForResponsesByTheNameOfTheDeployment() throws Exception {
    node.provider("azure", NodeTester.REGION, "azure-openai", "2026-03-01", openai.baseUrl())
        .modelAt("assistant", "azure", "up")
        .publish();
    openai.streams(RESPONSE);

    post("/v1/responses", "{\"model\":\"assistant\",\"stream\":true,\"input\":\"x\"}");

    assertThat(openai.onlyCall().uri()).isEqualTo("/openai/v1/responses");
    assertThat(openai.onlyCall().headers()).containsKey("api-key");
    assertThat(openai.onlyCall().body()).contains("\"model\":\"up\"");
  }

  @Test
  void noOtherProviderIsAskedForEmbeddings() throws Exception {
    node.provider("there", NodeTester.REGION, "anthropic", "", openai.baseUrl())
        .modelAt("assistant", "there", "up")
        .publish();

    HttpResponse<String> response =
        post("/v1/embeddings", "{\"model\":\"assistant\",\"input\":\"x\"}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("[anthropic]").contains("/v1/embeddings");
    assertThat(openai.calls).isEmpty();
  }

  private void published() {
    node.provider("openai", NodeTester.REGION, openai.baseUrl())
        .modelAt("assistant", "openai", "up")
        .publish();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return node.send(
        HttpRequest.newBuilder(node.uri(path))
            .header("authorization", "Bearer " + node.key())
            .POST(BodyPublishers.ofString(body)));
  }
}
