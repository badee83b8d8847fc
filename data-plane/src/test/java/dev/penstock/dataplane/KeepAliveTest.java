package dev.penstock.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.providersim.invoice.BilledCall;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that waits for a thinking model sees that its stream goes on. */
@Timeout(30)
class KeepAliveTest {

  private static final String COMMENT = ": keep-alive\n\n";
  private static final String PING = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

  private final NodeTester node = NodeTester.keepingAlive(Duration.ofMillis(200));

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, openai, /v1",
    "/v1/chat/completions, anthropic, ''",
    "/mistral/v1/chat/completions, mistral, /mistral",
    "/v1/messages, anthropic, ''",
    "/v1/messages, openai, /v1"
  })
  void showsItInTheWordsOfTheClientsDialect(String path, String protocol, String providersPath)
      throws Exception {
    node.provider("there", NodeTester.REGION, protocol, "", node.sim.rootUrl() + providersPath)
        .modelAt("thinker", "there", "sim-stall-after-2")
        .publish();

    try (InputStream answer = ask(path, "thinker").body()) {
      String sign = path.equals("/v1/messages") ? PING : COMMENT;
      String seen = readUntil(answer, "0000001 ");
      seen += readUntil(answer, sign + sign); // twice, with nothing in between

      assertThat(seen).endsWith("\n\n" + sign + sign);
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void neverShowsItWithinAnEvent(boolean afterAnotherEvent) throws Exception {
    node.sim
        .scripts()
        .put(
            "halting",
            "{\"steps\":[%s{\"bytes\":\"data: {\\\"id\\\":\"},{\"stall\":true}]}"
                .formatted(afterAnotherEvent ? "{\"say\":\"Hi\"}," : ""));
    node.model("halting", "halting").publish();

    HttpResponse<InputStream> response = ask("/v1/chat/completions", "halting");
    try (InputStream answer = response.body()) {
      String seen = readUntil(answer, COMMENT);

      assertThat(response.statusCode()).isEqualTo(200);
      String before = seen.substring(0, seen.length() - COMMENT.length());
      assertThat(before).matches("(data: \\{.*}\n\n)*");
      assertThat(before.contains("Hi")).isEqualTo(afterAnotherEvent);
    }
  }

  @Test
  void leavesAClientAloneThatDoesNotRead() throws Exception {
    node.model("big", "sim-n20000-b2000-d0-t0-g20").publish(); // about 46 MB
    try (InputStream answer = ask("/v1/chat/completions", "big").body()) {
      AtomicLong before = new AtomicLong();
      await()
          .pollInterval(Duration.ofMillis(1_500)) // more than one look at it
          .until(() -> sent() > 0 && before.getAndSet(sent()) == sent());

      String seen = new String(answer.readAllBytes(), UTF_8);

      assertThat(seen).endsWith("data: [DONE]\n\n");
      assertThat(seen.contains("keep-alive")).isFalse();
    }
  }

  private long sent() {
    return node.sim.invoice().calls().stream().mapToLong(BilledCall::bytesSent).sum();
  }

  private HttpResponse<InputStream> ask(String path, String model) throws Exception {
    String body =
        "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
            .formatted(model);
    return node.http.send(
        HttpRequest.newBuilder(node.uri(path))
            .header("authorization", "Bearer " + node.key())
            .header("anthropic-version", "2023-06-01")
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofInputStream());
  }

  private static String readUntil(InputStream answer, String end) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(end) < 0) {
      int next = answer.read();
      if (next < 0) {
        throw new IOException("ended after " + seen);
      }
      seen.append((char) next);
    }
    return seen.toString();
  }
}
