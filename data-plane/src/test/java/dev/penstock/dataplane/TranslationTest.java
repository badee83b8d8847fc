package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.snapshot.ModelTrait;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.providersim.invoice.BilledCall;
import dev.penstock.providersim.invoice.Usage;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every client's dialect at every provider, over sockets. */
class TranslationTest {

  /** A client: where it asks, how, and what a stream of its ends with. */
  private enum Client {
    CHAT(
        "/v1/chat/completions",
        "{\"model\":\"assistant\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}",
        "data: [DONE]\n\n"),
    RESPONSES(
        "/v1/responses",
        "{\"model\":\"assistant\",\"stream\":%s,\"input\":\"x\"%s}",
        "\"type\":\"response.completed\""),
    MESSAGES(
        "/v1/messages",
        "{\"model\":\"assistant\",\"max_tokens\":64,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
    MISTRAL(
        "/mistral/v1/chat/completions",
        "{\"model\":\"assistant\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}",
        "data: [DONE]\n\n");

    private final String path;
    private final String body;
    private final String end;

    Client(String path, String body, String end) {
      this.path = path;
      this.body = body;
      this.end = end;
    }

    String body(boolean stream, String more) {
      return body.formatted(stream, more);
    }
  }

  private static final Detector EMAIL = new Detector.Pii(List.of(PiiEntity.EMAIL), Action.REDACT);

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(Client.values())
        .flatMap(client ->
            Stream.of("openai", "openai-compatible", "anthropic", "mistral")
                .map(protocol -> Arguments.of(client, protocol)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aStreamEndsOnceAndIsMeteredAsTheProviderBills(Client client, String protocol)
      throws Exception {
    at(protocol, "sim-text");

    HttpResponse<String> response = ask(client, true, "");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).contains(client.end).doesNotContain("event: error");
    assertThat(response.body().indexOf(client.end))
        .isEqualTo(response.body().lastIndexOf(client.end));
    assertMetered();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aWholeAnswerIsMeteredAsTheProviderBills(Client client, String protocol) throws Exception {
    at(protocol, "sim-text");

    HttpResponse<String> response = ask(client, false, "");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertMetered();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aCutStreamIsAnErrorAndNeverAnEnd(Client client, String protocol) throws Exception {
    at(protocol, "sim-close-after-2");

    String heard = failing(client);

    assertThat(heard).contains("event: error").doesNotContain(client.end);
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("failed");
    assertThat(record.getErrorCode()).isEqualTo("upstream_cut");
    assertThat(record.getUsageSource()).isIn("estimated", "partial");
    assertThat(record.getTokens().getInput()).isPositive();
    assertThat(record.getTokens().getOutput())
        .as("of the same two pieces of text, whoever sent them to whom")
        .isEqualTo(17);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void anErrorInMidStreamIsAnErrorAndNeverAnEnd(Client client, String protocol) throws Exception {
    node.sim
        .scripts()
        .put(
            "fails-late",
            "{\"steps\":[{\"say\":\"So far\"},{\"fail\":{\"message\":\"The stars are not right\"}}]}");
    at(protocol, "fails-late");

    String heard = failing(client);

    assertThat(heard)
        .contains("event: error", "The stars are not right")
        .doesNotContain(client.end);
    assertThat(node.onlyRecord().getOutcome()).isEqualTo("failed");
    assertThat(node.onlyRecord().toString()).doesNotContain("stars");
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void whatTheProviderFindsFaultWithIsTheClientsError(Client client, String protocol)
      throws Exception {
    at(protocol, "sim-status-400");

    HttpResponse<String> response = ask(client, true, "");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.body()).contains("\"message\":");
    assertThat(response.headers().firstValue("x-should-retry")).contains("false");
    assertThat(node.onlyRecord().getCostNanoUsd()).isZero();
  }

  @Test
  void aFieldThatCannotBeCarriedIsRefusedByItsName() throws Exception {
    at("anthropic", "sim-text");

    HttpResponse<String> response = ask(Client.CHAT, true, ",\"logit_bias\":{\"1\":2}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("\"param\":\"logit_bias\"")
        .contains("\"code\":\"unsupported_field\"");
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  @Test
  void aHintThatIsDroppedIsNamed() throws Exception {
    at("anthropic", "sim-text");

    HttpResponse<String> response = ask(Client.CHAT, true, ",\"seed\":7");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-penstock-dropped")).contains("seed");
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic, 'logit_bias\":{\"1\":2}', logit_bias",
    "anthropic, 'n\":2', n",
    "anthropic, 'temperature\":1.3', temperature",
    "anthropic, 'presence_penalty\":0.5', presence_penalty",
    "anthropic, 'response_format\":{\"type\":\"json_object\"}', response_format.type",
    "anthropic, 'web_search_options\":{}', web_search_options",
    "anthropic, 'of tomorrow, \\u00fc\":1', of*tomorrow***",
    "mistral, 'temperature\":1.7', temperature",
    "mistral, 'logprobs\":true', logprobs",
  })
  void aRouteCanHaveDroppedWhatCannotBeCarried(String protocol, String field, String named)
      throws Exception {
    at(protocol, "sim-text");
    node.route(dropping()).publish();

    HttpResponse<String> response = ask(Client.CHAT, true, ",\"" + field);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).endsWith(Client.CHAT.end);
    assertThat(response.headers().firstValue("x-penstock-dropped")).contains(named);
  }

  @ParameterizedTest
  @CsvSource({"anthropic", "openai", "openai-compatible", "mistral"})
  void aModelWithoutSamplingIsToldNoUsualValuesAndRefusesOthers(String protocol) throws Exception {
    at(protocol, "sim-text", ModelTrait.NO_SAMPLING);
    Client client = protocol.equals("anthropic") ? Client.CHAT : Client.MESSAGES;

    HttpResponse<String> usual = ask(client, true, ",\"temperature\":1,\"top_p\":1");
    HttpResponse<String> unusual = ask(client, true, ",\"temperature\":0.5");

    assertThat(usual.statusCode()).as(usual.body()).isEqualTo(200);
    assertThat(usual.headers().firstValue("x-penstock-dropped")).isEmpty();
    assertThat(node.sim.invoice().calls())
        .extracting(BilledCall::body)
        .singleElement()
        .asString()
        .doesNotContain("temperature", "top_p");
    assertThat(unusual.statusCode()).isEqualTo(400);
    assertThat(unusual.headers().firstValue("x-penstock-error-code")).contains("unsupported_field");
    assertThat(unusual.body()).contains("temperature");
  }

  @Test
  void aRouteCanHaveSamplingDroppedForAModelThatTakesNone() throws Exception {
    at("anthropic", "sim-text", ModelTrait.NO_SAMPLING);
    node.route(dropping()).publish();

    HttpResponse<String> response = ask(Client.CHAT, true, ",\"temperature\":0.5,\"top_p\":0.9");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-penstock-dropped")).contains("temperature, top_p");
    assertThat(node.sim.invoice().calls().getFirst().body()).doesNotContain("temperature", "top_p");
  }

  @Test
  void aModelThatThinksByBudgetIsToldTokensForAWord() throws Exception {
    at("anthropic", "sim-text", ModelTrait.THINKS_BY_BUDGET);

    HttpResponse<String> response =
        ask(Client.CHAT, true, ",\"reasoning_effort\":\"low\",\"max_tokens\":8000");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(node.sim.invoice().calls().getFirst().body())
        .contains("\"budget_tokens\":1024")
        .doesNotContain("\"effort\"");
  }

  @Test
  void noRouteDropsWhatIsToBeAnswered() throws Exception {
    at("anthropic", "sim-text");
    node.route(dropping()).publish();

    HttpResponse<String> response =
        ask(
            Client.CHAT
                .body(true, "")
                .replace(
                    "\"x\"",
                    "[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA==\",\"format\":\"wav\"}}]"),
            Client.CHAT.path);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("\"code\":\"unsupported_field\"");
    assertThat(node.sim.invoice().calls()).isEmpty();
  }

  private static RouteRule dropping() {
    return new RouteRule(
        "acme",
        "lenient",
        "assistant",
        List.of(List.of(new RouteTarget("assistant", "assistant-0", 1))),
        RouteTimeouts.NONE,
        RouteRetry.ALL,
        UnsupportedFields.DROP);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void whatGuardsRedactReachesNoProvider(Client client, String protocol) throws Exception {
    node.guard("acme", "pii", false, EMAIL);
    at(protocol, "sim-text");

    HttpResponse<String> response =
        ask(client.body(true, "").replace("\"x\"", "\"mail anna@corp.example\""), client.path);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(node.sim.invoice().calls())
        .singleElement()
        .satisfies(call ->
            assertThat(call.body()).contains("mail [EMAIL]").doesNotContain("anna@corp.example"));
  }

  @Test
  void aProviderOfTheClientsDialectNeedsNoTranslation() throws Exception {
    at("openai", "sim-text");

    HttpResponse<String> response = ask(Client.CHAT, true, ",\"logit_bias\":{\"1\":2}");

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-penstock-dropped")).isEmpty();
  }

  private void at(String protocol, String script, ModelTrait... traits) {
    node.assistant(protocol, script, traits).publish();
  }

  private HttpResponse<String> ask(Client client, boolean stream, String more) throws Exception {
    return ask(client.body(stream, more), client.path);
  }

  /** What a client hears of a stream that fails; towards Mistral's the connection breaks, too. */
  private String failing(Client client) throws Exception {
    return client == Client.MISTRAL
        ? node.exchange(node.post(client.path, client.body(true, "")))
        : ask(client, true, "").body();
  }

  private HttpResponse<String> ask(String body, String path) throws Exception {
    return node.send(
        HttpRequest.newBuilder(node.uri(path))
            .header("authorization", "Bearer " + node.key())
            .POST(BodyPublishers.ofString(body)));
  }

  private void assertMetered() {
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("served");
    assertThat(record.getUsageSource()).isEqualTo("provider");
    List<BilledCall> calls = node.sim.invoice().calls();
    assertThat(calls).hasSize(1);
    Usage billed = Objects.requireNonNull(calls.getFirst().usage());
    assertThat(record.getTokens().getInput()).isEqualTo(billed.promptTokens());
    assertThat(record.getTokens().getOutput()).isEqualTo(billed.completionTokens());
  }
}
