package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.providersim.invoice.BilledCall;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * vLLM tells usage with every piece where it is asked to, so that a cut stream is charged exactly.
 */
class ContinuousUsageTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "',\"stream_options\":null', 0",
    "',\"stream_options\":{\"include_usage\":true}', 1",
    "',\"stream_options\":{\"continuous_usage_stats\":false,\"include_usage\":true}', 1",
    "',\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}', 6",
  })
  void showsAClientWhatItAskedFor(String options, int chunksWithUsage) throws Exception {
    at("sim-n3-d0-t0");

    String body = node.send(node.chatBody(body(options))).body();

    assertThat(body).endsWith("data: [DONE]\n\n");
    assertThat(chunks(body).stream().filter(chunk -> chunk.path("usage").isObject()))
        .hasSize(chunksWithUsage);
    assertThat(body).contains("0000000 ", "0000001 ", "0000002 ");
    assertThat(JSON.readTree(call().body()).path("stream_options"))
        .isEqualTo(JSON.readTree("{\"include_usage\":true,\"continuous_usage_stats\":true}"));
    RequestRecord record = node.onlyRecord();
    assertThat(record.getUsageSource()).isEqualTo("provider");
    assertThat(record.getTokens().getOutput()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"/v1/chat/completions", "/v1/messages"})
  void chargesACutStreamByWhatWasToldLast(String path) throws Exception {
    at("sim-close-after-3");

    String body =
        node.send(
                HttpRequest.newBuilder(node.uri(path))
                    .header("authorization", "Bearer " + node.key())
                    .POST(BodyPublishers.ofString(body(",\"max_tokens\":64"))))
            .body();

    assertThat(body).contains("event: error");
    assertPartial(3);
  }

  @Test
  void chargesAStreamThatItsClientLeftByWhatWasToldLast() throws Exception {
    at("sim-stall-after-3");
    try (Socket client = node.ask("assistant", true)) {
      await().until(() -> call().chunksSent() == 3);
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf("0000002 ") < 0) {
        seen.append((char) client.getInputStream().read());
      }
    }

    assertPartial(3);
  }

  private void assertPartial(long output) {
    RequestRecord record = node.onlyRecord();
    assertThat(record.getUsageSource()).isEqualTo("partial");
    assertThat(record.getTokens().getOutput()).isEqualTo(output);
    assertThat(record.getTokens().getInput()).isEqualTo(1); // "x", as the provider counts it
  }

  private void at(String script) {
    node.vllm("local").modelAt("assistant", "local", script).publish();
  }

  private BilledCall call() {
    await().until(() -> !node.sim.invoice().calls().isEmpty());
    return node.sim.invoice().calls().getFirst();
  }

  private static String body(String more) {
    return "{\"model\":\"assistant\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}"
        .formatted(more);
  }

  private static List<JsonNode> chunks(String body) throws Exception {
    List<JsonNode> chunks = new ArrayList<>();
    for (String line : body.split("\n\n")) {
      if (!line.equals("data: [DONE]")) {
        chunks.add(JSON.readTree(line.substring("data: ".length())));
      }
    }
    return chunks;
  }
}
