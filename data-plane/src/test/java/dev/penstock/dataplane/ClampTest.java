package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.Rates;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a budget says so, requests are cut to what it affords, against a played control plane. */
class ClampTest {

  /** Output alone costs something, 1,000 nano-USD a token; the model gives 100 at most. */
  private static final long PER_TOKEN = 1_000;

  /** More than the nanos of a worst case that rounding up may take. */
  private static final long ROUNDING = 100;

  private static final Price PRICE =
      new Price(
          Instant.EPOCH,
          new Rates(
              new TokenPrice(0),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              new TokenPrice(PER_TOKEN * 1_000_000),
              Optional.empty(),
              Optional.empty()));

  private static final Map<String, String> BODIES =
      Map.of(
          "/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
          "/mistral/v1/chat/completions", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
          "/v1/messages", "\"max_tokens\":90,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
          "/v1/responses", "\"input\":\"x\"");

  private final NodeTester node = new NodeTester();
  private final PlayedMoney money = new PlayedMoney(node, 1_000_000);

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,         openai,    max_completion_tokens",
    "/v1/chat/completions,         anthropic, max_tokens",
    "/v1/chat/completions,         mistral,   max_tokens",
    "/v1/messages,                 anthropic, max_tokens",
    "/v1/messages,                 openai,    max_tokens",
    "/mistral/v1/chat/completions, mistral,   max_tokens",
    "/v1/responses,                openai,    max_output_tokens",
    "/v1/responses,                anthropic, max_tokens",
  })
  void lowersTheLimitInEveryDialect(String path, String protocol, String field) throws Exception {
    // Given
    assistantAt(protocol, true, 40 * PER_TOKEN);

    // When
    HttpResponse<String> response = post(path, "");

    // Then
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-penstock-clamped")).hasValue("40");
    JsonObject sent = new JsonObject(node.sim.invoice().calls().getFirst().body());
    assertThat(sent.getLong(field)).isEqualTo(40);
    RequestRecord record = node.onlyRecord();
    assertThat(record.getCostNanoUsd()).isEqualTo(40 * PER_TOKEN);
    assertThat(record.getDecisionsList())
        .extracting(Decision::getReason)
        .anyMatch(reason -> reason.startsWith("output clamped to 40 tokens: budget acme/b1 has"));
  }

  @Test
  void changesNothingButTheField() throws Exception {
    assistantAt("openai", true, 40 * PER_TOKEN);

    post("/v1/chat/completions", ", \"max_completion_tokens\" : 77 ,\"user\":\"u\"");

    String expected =
        "{\"model\":\"sim-n200-d0-t0\",\"stream\":false,%s, \"max_completion_tokens\" : 40 ,\"user\":\"u\"}"
            .formatted(BODIES.get("/v1/chat/completions"));
    assertThat(node.sim.invoice().calls().getFirst().body()).isEqualTo(expected);
  }

  @Test
  void leavesAloneWhatFits() throws Exception {
    assistantAt("openai", true, 40 * PER_TOKEN);

    HttpResponse<String> response = post("/v1/chat/completions", ",\"max_tokens\":40");

    assertThat(response.headers().firstValue("x-penstock-clamped")).isEmpty();
    assertThat(node.sim.invoice().calls().getFirst().body()).contains("\"max_tokens\":40");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 15})
  void refusesWhereNoAnswerToSpeakOfIsLeft(long tokens) throws Exception {
    assistantAt("openai", true, tokens * PER_TOKEN);

    HttpResponse<String> response = post("/v1/chat/completions", "");

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).contains("\"code\":\"budget_exhausted\"");
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  @Test
  void refusesWhereTheThoughtsAloneAreMore() throws Exception {
    assistantAt("anthropic", true, 40 * PER_TOKEN);

    HttpResponse<String> response =
        post("/v1/messages", ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":30}");

    assertThat(response.statusCode()).isEqualTo(402);
  }

  @Test
  void refusesWhereTheBudgetDoesNotSaySo() throws Exception {
    assistantAt("openai", false, 40 * PER_TOKEN);

    assertThat(post("/v1/chat/completions", "").statusCode()).isEqualTo(429);
  }

  @Test
  void sharesWhatIsLeftAmongTheAnswersThatAreAskedFor() throws Exception {
    assistantAt("openai", true, 40 * PER_TOKEN);

    HttpResponse<String> response = post("/v1/chat/completions", ",\"n\":2");

    assertThat(response.headers().firstValue("x-penstock-clamped")).hasValue("20");
  }

  @Test
  void tellsAWebSocketInTheLastFrame() {
    assistantAt("openai", true, 40 * PER_TOKEN);

    SocketTester client =
        SocketTester.connect(node, SocketTester.CHAT)
            .send("{\"id\":1,\"model\":\"assistant\",%s}".formatted(BODIES.get(SocketTester.CHAT)));

    JsonObject last = client.first(frame -> frame.containsKey("done"));
    assertThat(last.getLong("clamped")).isEqualTo(40);
    client.socket.abort();
  }

  private void assistantAt(String protocol, boolean clamps, long left) {
    String url =
        switch (protocol) {
          case "anthropic" -> node.sim.rootUrl();
          case "mistral" -> node.sim.mistralUrl();
          default -> node.sim.baseUrl();
        };
    node.provider("there", NodeTester.REGION, protocol, "", url)
        .modelAt("assistant", "there", "sim-n200-d0-t0", PRICE)
        .budgets(new BudgetRule("b1", "acme", "b1", BudgetScope.ALL, List.of(), clamps))
        .publish();
    money.left.put("b1", left + ROUNDING);
    money.start();
  }

  private HttpResponse<String> post(String path, String more) throws Exception {
    String body =
        "{\"model\":\"assistant\",\"stream\":false,%s%s}".formatted(BODIES.get(path), more);
    return node.send(
        HttpRequest.newBuilder(node.uri(path))
            .header("authorization", "Bearer " + node.key())
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }
}
