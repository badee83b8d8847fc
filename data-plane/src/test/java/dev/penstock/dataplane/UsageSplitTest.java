package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider's stream, cut in two at every one of its bytes, is metered to the token. */
class UsageSplitTest {

  private static final String CHAT =
      """
      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Olá"},"finish_reason":"stop"}]}

      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":31,"completion_tokens":17,"total_tokens":48}}

      data: [DONE]

      """;

  private static final String MESSAGES =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":31,"output_tokens":1}}}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":17}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static final String RESPONSES =
      """
      event: response.completed
      data: {"type":"response.completed","sequence_number":2,"response":{"id":"r","object":"response","status":"completed","output":[],"usage":{"input_tokens":31,"output_tokens":17,"total_tokens":48}}}

      """;

  private final NodeTester node = NodeTester.impatient();
  private final RecordedProvider provider = new RecordedProvider();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    provider.close();
  }

  @ParameterizedTest
  @CsvSource({
    "openai, /v1/chat/completions",
    "openai, /v1/responses",
    "openai, /v1/messages",
    "anthropic, /v1/messages",
    "anthropic, /v1/chat/completions",
    "mistral, /mistral/v1/chat/completions"
  })
  void usageIsExactWhereverTheStreamIsCut(String protocol, String path) throws Exception {
    node.provider("up", NodeTester.REGION, protocol, "", provider.baseUrl())
        .modelAt("assistant", "up", "m")
        .publish();
    String stream =
        protocol.equals("anthropic") ? MESSAGES : path.endsWith("responses") ? RESPONSES : CHAT;
    int cuts = stream.getBytes(StandardCharsets.UTF_8).length - 1;

    for (int at = 1; at <= cuts; at++) {
      provider.streams(stream).cutAt(at);
      assertThat(node.send(question(path)).statusCode()).as("cut at %d", at).isEqualTo(200);
    }

    List<RequestRecord> records = await().until(node.spool::records, found -> found.size() == cuts);
    assertThat(records)
        .allSatisfy(record -> {
          assertThat(record.getUsageSource()).isEqualTo("provider");
          assertThat(record.getTokens().getInput()).isEqualTo(31);
          assertThat(record.getTokens().getOutput()).isEqualTo(17);
        });
  }

  private HttpRequest.Builder question(String path) {
    String words =
        path.endsWith("responses")
            ? "\"input\":\"x\""
            : "\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
    return HttpRequest.newBuilder(node.uri(path))
        .header("authorization", "Bearer " + node.key())
        .header("anthropic-version", "2023-06-01")
        .POST(BodyPublishers.ofString("{\"model\":\"assistant\",\"stream\":true," + words + "}"));
  }
}
