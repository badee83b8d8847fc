package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a model says on its way to a client, past the guards on answers: every dialect and
 * transport.
 */
class GuardedAnswerTest {

  private static final String ADDRESS = "bob@canary.example";
  private static final String CARD = "4111 1111 1111 1111";
  private static final Detector REDACT =
      new Detector.Pii(List.of(PiiEntity.EMAIL, PiiEntity.CREDIT_CARD), Action.REDACT);
  private static final Detector BLOCK =
      new Detector.Pii(List.of(PiiEntity.EMAIL, PiiEntity.CREDIT_CARD), Action.BLOCK);

  /** Thoughts, text and a call, each with something in it, in pieces of three characters. */
  private static final String SCRIPT =
      """
      {"steps":[
        {"think":"I know %1$s; hm.","piece":3},
        {"say":"Write to %1$s or charge %2$s, \\u00e9.","piece":3},
        {"call":{"name":"mail","arguments":{"to":"%1$s","card":4111111111111111}}},
        {"finish":"tool_calls"}]}
      """
          .formatted(ADDRESS, CARD);

  /** Text alone: ends with what is found, or begins with it. */
  private static final String LATE =
      "{\"steps\":[{\"say\":\"All is well. Write to %s now.\",\"piece\":3},{\"finish\":\"stop\"}]}"
          .formatted(ADDRESS);

  private static final String EARLY =
      "{\"steps\":[{\"say\":\"%s is his.\",\"piece\":2},{\"finish\":\"stop\"}]}".formatted(ADDRESS);

  private enum Client {
    CHAT(
        "/v1/chat/completions",
        "{\"model\":\"assistant\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"mail\",\"parameters\":{\"type\":\"object\"}}}]}"),
    RESPONSES(
        "/v1/responses",
        "{\"model\":\"assistant\",\"stream\":%s,\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"mail\",\"parameters\":{\"type\":\"object\"}}]}"),
    MESSAGES(
        "/v1/messages",
        "{\"model\":\"assistant\",\"max_tokens\":64,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"name\":\"mail\",\"input_schema\":{\"type\":\"object\"}}]}"),
    MISTRAL(
        "/mistral/v1/chat/completions",
        "{\"model\":\"assistant\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"mail\",\"parameters\":{\"type\":\"object\"}}}]}");

    private final String path;
    private final String body;

    Client(String path, String body) {
      this.path = path;
      this.body = body;
    }
  }

  private final NodeTester node = new NodeTester();

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

  private void at(String protocol, String script, Detector detector) {
    node.sim.scripts().put("guarded", script);
    node.assistant(protocol, "guarded")
        .guard(new Guard("acme", "answers", Set.of(Side.OUTPUT), List.of(detector)), false)
        .publish();
  }

  private HttpResponse<String> ask(Client client, boolean stream) throws Exception {
    return node.send(
        HttpRequest.newBuilder(node.uri(client.path))
            .header("authorization", "Bearer " + node.key())
            .header("anthropic-version", "2023-06-01")
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(client.body.formatted(stream))));
  }

  private static void assertNothingPlanted(String heard) {
    assertThat(heard).doesNotContain("canary", "4111", "1111 1");
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aStreamHasPlaceholdersWherePlantedTextsWere(Client client, String protocol)
      throws Exception {
    at(protocol, SCRIPT, REDACT);

    HttpResponse<String> answer = ask(client, true);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertNothingPlanted(answer.body());
    assertThat(answer.body()).contains("[EMAIL]", "[CREDIT-CARD]").doesNotContain("event: error");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("served");
    assertThat(record.getUsageSource()).as("what the provider reported").isEqualTo("provider");
    assertThat(record.getDecisionsList().toString())
        .contains("answer: guard acme/answers detectors[0] email: redact", "characters waited");
    assertNothingPlanted(record.toString());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aWholeAnswerHasThemToo(Client client, String protocol) throws Exception {
    at(protocol, SCRIPT, REDACT);

    HttpResponse<String> answer = ask(client, false);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertNothingPlanted(answer.body());
    assertThat(answer.body()).contains("[EMAIL]", "[CREDIT-CARD]");
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void whatIsBlockedInMidStreamEndsAsAnErrorOfTheDialect(Client client, String protocol)
      throws Exception {
    at(protocol, LATE, BLOCK);

    String heard;
    try {
      heard = ask(client, true).body();
    } catch (java.io.IOException cut) {
      heard = ""; // the dialect's way of breaking off
    }

    assertNothingPlanted(heard);
    assertThat(heard).doesNotContain("[DONE]", "message_stop", "response.completed");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("denied");
    assertThat(record.getErrorCode()).isEqualTo("guard_blocked");
    assertThat(record.getTokens().getOutput()).as("its provider charges").isPositive();
    assertNothingPlanted(record.toString());
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void whatIsBlockedBeforeTheFirstByteIsRefused(Client client) throws Exception {
    at("openai", EARLY, BLOCK);

    HttpResponse<String> answer = ask(client, true);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-penstock-error-code")).contains("guard_blocked");
    assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
    assertNothingPlanted(answer.body());
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("guard_blocked");
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void aWholeAnswerThatIsBlockedIsRefusedAndPaidFor(Client client) throws Exception {
    at("anthropic", LATE, BLOCK);

    HttpResponse<String> answer = ask(client, false);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertNothingPlanted(answer.body());
    assertThat(answer.body()).contains("guard_blocked");
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("denied");
    assertThat(record.getCostNanoUsd()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void aWebSocketIsNoWayAround(Spoken spoken) {
    at("mistral", LATE, REDACT);
    SocketTester socket = SocketTester.connect(node, spoken.path).send(spoken.message());

    await()
        .untilAsserted(() ->
            assertThat(socket.texts.toString())
                .containsAnyOf("\"done\":true", "response.completed"));

    assertNothingPlanted(socket.texts.toString());
    assertThat(socket.texts.toString()).contains("[EMAIL]");
  }

  @ParameterizedTest
  @EnumSource(Spoken.class)
  void aWebSocketIsToldOfABlock(Spoken spoken) {
    at("anthropic", LATE, BLOCK);
    SocketTester socket = SocketTester.connect(node, spoken.path).send(spoken.message());

    await().untilAsserted(() -> assertThat(socket.texts.toString()).contains("guard_blocked"));

    assertNothingPlanted(socket.texts.toString());
  }

  /** What a provider says of its error may quote what its model wrote. */
  @ParameterizedTest
  @EnumSource(Client.class)
  void anErrorIsNoWayAround(Client client) throws Exception {
    at(
        "openai",
        "{\"steps\":[{\"say\":\"All is well. \"},{\"fail\":{\"message\":\"cannot parse %s\"}}]}"
            .formatted(ADDRESS),
        REDACT);

    String heard;
    try {
      heard = ask(client, true).body();
    } catch (java.io.IOException cut) {
      heard = "";
    }

    assertNothingPlanted(heard);
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void aRefusalIsNoneEither(Client client) throws Exception {
    at(
        "openai",
        "{\"steps\":[{\"fail\":{\"status\":400,\"message\":\"failed generation: %s\"}}]}"
            .formatted(ADDRESS),
        REDACT);

    HttpResponse<String> answer = ask(client, true);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertNothingPlanted(answer.body());
    assertThat(answer.body()).contains("failed generation");
  }

  /** A provider that is silent in the middle of a word must not keep it for ever. */
  @Test
  void whatWaitsWhileTheProviderIsSilentLeavesInTime() throws Exception {
    at(
        "openai",
        "{\"steps\":[{\"say\":\"All is well\"},{\"sleep\":4500000},{\"say\":\". Bye.\"},{\"finish\":\"stop\"}]}",
        REDACT);
    StringBuilder heard = new StringBuilder();
    long[] cameAfterMillis = {Long.MAX_VALUE};
    long begun = System.nanoTime();
    HttpRequest request =
        HttpRequest.newBuilder(node.uri(Client.CHAT.path))
            .header("authorization", "Bearer " + node.key())
            .POST(HttpRequest.BodyPublishers.ofString(Client.CHAT.body.formatted(true)))
            .build();
    node.http
        .send(request, BodyHandlers.ofLines())
        .body()
        .forEach(line -> {
          heard.append(line).append('\n');
          if (line.contains("well") && cameAfterMillis[0] == Long.MAX_VALUE) {
            cameAfterMillis[0] = (System.nanoTime() - begun) / 1_000_000;
          }
        });

    assertThat(cameAfterMillis[0]).as("before the provider went on").isLessThan(4_400);
    assertThat(heard.toString()).contains("Bye", "[DONE]");
  }
}
