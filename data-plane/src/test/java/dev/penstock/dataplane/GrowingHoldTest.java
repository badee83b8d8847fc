package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.Rates;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.LeaseCharge;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.providersim.invoice.BilledCall;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams that are held part by part, against a played control plane. */
class GrowingHoldTest {

  /** Output alone costs something, 1,000 nano-USD a token; a part is 1,024 tokens. */
  private static final long PER_TOKEN = 1_000;

  private static final long PART = 1_024 * PER_TOKEN;
  private static final long MAX_TOKENS = 100_000;

  /** More than the nanos of a worst case that rounding up may take. */
  private static final long ROUNDING = 100;

  private static final String ENDLESS = "sim-n100000-b24-d5000-t0";

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

  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";

  private static final Map<String, String> BODIES =
      Map.of(
          "/v1/chat/completions",
          MESSAGES,
          "/mistral/v1/chat/completions",
          MESSAGES,
          "/v1/messages",
          "\"max_tokens\":90000," + MESSAGES,
          "/v1/responses",
          "\"input\":\"x\"");

  private final NodeTester node = new NodeTester();
  private final PlayedMoney money = new PlayedMoney(node, 100 * PART).exact();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void growsWithTheAnswer() throws Exception {
    // Given
    assistant("openai", "sim-n300-b24-d1000-t0", false);
    money.left.put("b1", PlayedMoney.PLENTY);

    // When
    HttpResponse<String> response = node.send(post("/v1/chat/completions", true));

    // Then
    assertThat(response.body()).endsWith("data: [DONE]\n\n");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getCostNanoUsd()).isEqualTo(300 * PER_TOKEN);
    assertThat(record.getDecisionsList())
        .filteredOn(decision -> decision.getStep().equals("hold"))
        .extracting(Decision::getReason)
        .satisfiesExactly(
            first -> assertThat(first).endsWith("for the first part of the answer"),
            last -> assertThat(last).matches("extended [1-9] times, to .*"));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, openai",
    "/v1/chat/completions, anthropic",
    "/v1/messages,         anthropic",
    "/v1/messages,         openai",
    "/v1/responses,        openai",
    "/v1/responses,        mistral",
  })
  void cutsAStreamThatNobodyPaysForAnyMore(String path, String protocol) throws Exception {
    // Given: two parts can be paid for, a third one cannot
    assistant(protocol, ENDLESS, false);
    money.left.put("b1", 2 * PART + PART / 2);

    // When
    HttpResponse<String> response = node.send(post(path, true));

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains("budget_exhausted_mid_stream", "The budget acme/b1 cannot pay for more")
        .doesNotContain("[DONE]", "message_stop", "response.completed");
    assertCut();
  }

  @Test
  void breaksOffWhatAMistralClientReads() throws Exception {
    assistant("mistral", ENDLESS, false);
    money.left.put("b1", 2 * PART);
    String body = body("/mistral/v1/chat/completions", true);

    String answer = node.exchange(node.post("/mistral/v1/chat/completions", body));

    assertThat(answer).contains("budget_exhausted_mid_stream").doesNotContain("[DONE]");
    assertThat(answer).as("without its last chunk").doesNotEndWith("0\r\n\r\n");
    assertCut();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, openai",
    "/v1/chat/completions, anthropic",
    "/v1/responses,        openai",
  })
  void tellsAWebSocketAndKeepsItOpen(String path, String protocol) {
    assistant(protocol, ENDLESS, false);
    money.left.put("b1", 2 * PART);

    SocketTester client =
        SocketTester.connect(node, path)
            .send(
                path.endsWith("responses")
                    ? "{\"type\":\"response.create\",\"model\":\"assistant\",\"input\":\"x\"}"
                    : "{\"id\":1,\"model\":\"assistant\",%s}".formatted(MESSAGES));

    JsonObject last = client.first(frame -> frame.encode().contains("budget_exhausted_mid_stream"));
    assertThat(last.getJsonObject("error").getString("code"))
        .isEqualTo("budget_exhausted_mid_stream");
    assertCut();
    assertThat(client.socket.isInputClosed()).isFalse();
    client.socket.abort();
  }

  private void assertCut() {
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("cancelled");
    assertThat(record.getErrorCode()).isEqualTo("budget_exhausted_mid_stream");
    assertThat(record.getAttempts(0).getError()).isEqualTo("budget_exhausted_mid_stream");
    assertThat(record.getAttempts(0).getBillable()).isTrue();
    assertThat(record.getTokens().getOutput()).isPositive();
    assertThat(record.getCostNanoUsd()).isPositive().isLessThanOrEqualTo(2 * PART);
    assertThat(record.getChargesList())
        .extracting(LeaseCharge::getCostNanoUsd)
        .containsExactly(record.getCostNanoUsd());
    BilledCall call = node.sim.invoice().calls().getFirst();
    await()
        .untilAsserted(
            () -> assertThat(node.sim.invoice().calls().getFirst().abortedAtMicros()).isNotNull());
    assertThat(call.billedNanoUsd()).isPositive();
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
  }

  @Test
  void asksOnceMoreWhereNobodyAnswersAndIsCutThen() throws Exception {
    // Given
    assistant("openai", ENDLESS, false);
    money.left.put("b1", PlayedMoney.PLENTY);
    CompletableFuture<HttpResponse<String>> answer =
        node.http.sendAsync(post("/v1/chat/completions", true).build(), BodyHandlers.ofString());
    await().until(() -> node.sim.invoice().calls().stream().anyMatch(it -> it.chunksSent() > 0));

    // When
    money.fallSilent();

    // Then
    assertThat(answer.get().body())
        .contains("budget_exhausted_mid_stream", "the control plane does not answer");
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("budget_exhausted_mid_stream");
  }

  @ParameterizedTest
  @CsvSource({
    "openai, true,  false, sim-text", // rather limited
    "openai, false, true,  sim-text", // a provider that charges for all of it in any case
    "openai, false, false, o3-mini", // thinks, unseen
  })
  void isHeldWholeWhereMoreMayBeChargedThanIsSeen(
      String protocol, boolean clamps, boolean drained, String upstream) throws Exception {
    assistant(protocol, upstream, clamps);
    if (drained) {
      node.provider("sim", NodeTester.REGION, node.sim.baseUrl())
          .drained()
          .modelUpTo(MAX_TOKENS, "assistant", "sim", upstream, PRICE)
          .publish();
    }
    money.left.put("b1", 2 * PART + ROUNDING);

    HttpResponse<String> response = node.send(post("/v1/chat/completions", true));

    if (clamps) {
      assertThat(response.headers().firstValue("x-penstock-clamped")).hasValue("2048");
    } else {
      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.body()).contains("\"budget_exhausted\"");
    }
  }

  @Test
  void isHeldWholeWhereTheAnswerComesInOnePiece() throws Exception {
    assistant("openai", "sim-text", false);
    money.left.put("b1", 2 * PART);

    assertThat(node.send(post("/v1/chat/completions", false)).statusCode()).isEqualTo(429);
  }

  private void assistant(String protocol, String script, boolean clamps) {
    String url =
        switch (protocol) {
          case "anthropic" -> node.sim.rootUrl();
          case "mistral" -> node.sim.mistralUrl();
          default -> node.sim.baseUrl();
        };
    node.provider("there", NodeTester.REGION, protocol, "", url)
        .modelUpTo(MAX_TOKENS, "assistant", "there", script, PRICE)
        .budgets(new BudgetRule("b1", "acme", "b1", BudgetScope.ALL, List.of(), clamps))
        .publish();
    money.start();
  }

  private static String body(String path, boolean stream) {
    return "{\"model\":\"assistant\",\"stream\":%s,%s}".formatted(stream, BODIES.get(path));
  }

  private HttpRequest.Builder post(String path, boolean stream) {
    return HttpRequest.newBuilder(node.uri(path))
        .header("authorization", "Bearer " + node.key())
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body(path, stream)));
  }
}
