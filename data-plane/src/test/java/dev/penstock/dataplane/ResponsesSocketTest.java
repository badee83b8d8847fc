package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.proto.usage.v1.RequestRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses over a WebSocket: turns on lanes, each going on from the newest. */
class ResponsesSocketTest {

  private static final String STREAM =
      """
      event: response.created
      data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[]}}

      event: response.output_text.delta
      data: {"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi","odd":1}

      : still here

      event: response.completed
      data: {"type":"response.completed","sequence_number":2,"response":{"id":"resp_1","status":"completed","output":[{"type":"reasoning","id":"rs_1","summary":[]},{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":12,"output_tokens":5,"total_tokens":17}}}

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
  void theEventsOfTheStreamAreTheFrames() {
    atRecorded();
    openai.streams(STREAM).inPieces(7);
    SocketTester client = connect();

    client.send(create("\"input\":\"x\""));

    JsonObject last = client.first("response.completed");
    List<String> events =
        STREAM
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(line -> line.substring(6))
            .toList();
    assertThat(client.texts.subList(0, 2)).isEqualTo(events.subList(0, 2));
    RequestRecord record = node.onlyRecord();
    assertThat(last.remove("request_id")).isEqualTo(record.getId());
    assertThat(last).isEqualTo(new JsonObject(events.get(2)));
    assertThat(new JsonObject(openai.onlyCall().body()))
        .isEqualTo(new JsonObject("{\"model\":\"up\",\"stream\":true,\"input\":\"x\"}"));
    assertThat(record.getTransport()).isEqualTo("websocket");
    assertThat(record.getDialect()).isEqualTo("openai-responses");
    assertThat(record.getTokens().getOutput()).isEqualTo(5);
  }

  @Test
  void everyFrameOfALaneNamesIt() {
    atRecorded();
    openai.streams(STREAM);
    SocketTester client = connect();

    client.send(create("\"stream_id\":\"main\",\"input\":\"x\""));

    client.first("response.completed");
    assertThat(client.frames)
        .hasSize(3)
        .allMatch(frame -> frame.getString("stream_id").equals("main"));
    assertThat(openai.onlyCall().body()).doesNotContain("stream_id");
  }

  @Test
  void aTurnGoesOnFromTheOneBefore() {
    atRecorded();
    openai.streams(STREAM);
    SocketTester client = connect();
    client.send(create("\"input\":\"first\",\"store\":false")).first("response.completed");
    client.frames.clear();

    client.send(
        create(
            "\"previous_response_id\":\"resp_1\",\"store\":false,"
                + "\"input\":[{\"role\":\"user\",\"content\":\"second\"}]"));

    client.first("response.completed");
    JsonObject asked = new JsonObject(openai.calls.get(1).body());
    assertThat(asked.containsKey("previous_response_id")).isFalse();
    assertThat(asked.getJsonArray("input"))
        .isEqualTo(
            new JsonArray(
                """
                [{"type":"message","role":"user","content":"first"},
                 {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]},
                 {"role":"user","content":"second"}]
                """));
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "anthropic", "mistral"})
  void itGoesOnAtEveryProvider(String protocol) {
    at(protocol, "sim-text");
    SocketTester client = connect();
    String id =
        client
            .send(create("\"input\":\"the first question\""))
            .first("response.completed")
            .getJsonObject("response")
            .getString("id");
    client.frames.clear();

    client.send(create("\"previous_response_id\":\"" + id + "\",\"input\":\"the second\""));

    client.first("response.completed");
    assertThat(node.sim.invoice().calls().get(1).body())
        .contains("the first question", "the second", "assistant")
        .doesNotContain(id);
  }

  @Test
  void whatGuardsRedactIsRedactedInEveryTurn() {
    node.guard("acme", "pii", false, new Detector.Pii(List.of(PiiEntity.EMAIL), Action.REDACT));
    atRecorded();
    openai.streams(STREAM);
    SocketTester client = connect();
    client.send(create("\"input\":\"mail anna@corp.example\"")).first("response.completed");
    client.frames.clear();

    client.send(create("\"previous_response_id\":\"resp_1\",\"input\":\"again\""));

    client.first("response.completed");
    assertThat(openai.calls)
        .hasSize(2)
        .allMatch(call -> call.body().contains("mail [EMAIL]"))
        .noneMatch(call -> call.body().contains("anna@"));
  }

  @Test
  void aLaneForksFromAnother() {
    atRecorded();
    openai.streams(STREAM);
    SocketTester client = connect();
    client.send(create("\"stream_id\":\"a\",\"input\":\"first\"")).first("response.completed");

    client.send(
        create("\"stream_id\":\"b\",\"previous_response_id\":\"resp_1\",\"input\":\"second\""));

    client.first(frame -> "b".equals(frame.getString("stream_id")));
    await().until(() -> openai.calls.size() == 2);
    assertThat(openai.calls.get(1).body()).contains("first", "second");
  }

  @Test
  void anIdThatIsNotOursIsTheProvidersOfTheDialect() {
    atRecorded();
    openai.streams(STREAM);
    SocketTester client = connect();

    client.send(create("\"previous_response_id\":\"resp_0\",\"input\":\"x\""));

    client.first("response.completed");
    assertThat(openai.onlyCall().body()).contains("\"previous_response_id\":\"resp_0\"");
    // What came before it is not known, so it cannot be gone on from here.
    client.send(create("\"previous_response_id\":\"resp_1\",\"input\":\"y\""));
    await().until(() -> openai.calls.size() == 2);
    assertThat(openai.calls.get(1).body()).contains("\"previous_response_id\":\"resp_1\"");
  }

  @Test
  void noOtherProviderKnowsAnIdThatIsNotOurs() {
    at("anthropic", "sim-text");
    SocketTester client = connect();

    client.send(create("\"stream_id\":\"a\",\"previous_response_id\":\"resp_0\",\"input\":\"x\""));

    JsonObject error = client.first("error");
    assertThat(error.getInteger("status")).isEqualTo(400);
    assertThat(error.getString("stream_id")).isEqualTo("a");
    assertThat(error.getJsonObject("error").getString("code"))
        .isEqualTo("previous_response_not_found");
    assertThat(error.getJsonObject("error").getString("param")).isEqualTo("previous_response_id");
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("previous_response_not_found");
  }

  @Test
  void aFailedTurnTakesWhatItWentOnFromWithIt() {
    at("anthropic", "sim-text");
    SocketTester client = connect();
    String id =
        client
            .send(create("\"input\":\"x\""))
            .first("response.completed")
            .getJsonObject("response")
            .getString("id");
    String next = "\"previous_response_id\":\"" + id + "\",\"input\":\"y\"";

    client.send(create(next + ",\"logprobs\":true")).first("error");
    client.frames.clear();
    client.send(create(next));

    assertThat(client.first("error").getJsonObject("error").getString("code"))
        .isEqualTo("previous_response_not_found");
  }

  @Test
  void anotherConnectionKnowsNothing() {
    at("mistral", "sim-text");
    String id =
        connect()
            .send(create("\"input\":\"x\""))
            .first("response.completed")
            .getJsonObject("response")
            .getString("id");

    SocketTester other =
        connect().send(create("\"previous_response_id\":\"" + id + "\",\"input\":\"y\""));

    assertThat(other.first("error").getJsonObject("error").getString("code"))
        .isEqualTo("previous_response_not_found");
  }

  @Test
  void oneResponseRunsOnALaneAndOthersBesideIt() {
    at("openai", "sim-n200-d20000-t0");
    SocketTester client = connect();

    client.send(create("\"stream_id\":\"a\",\"input\":\"x\"")).first("response.output_text.delta");
    client.send(create("\"stream_id\":\"a\",\"input\":\"y\""));
    client.send(create("\"stream_id\":\"b\",\"input\":\"z\""));

    JsonObject error = client.first("error");
    assertThat(error.getString("stream_id")).isEqualTo("a");
    assertThat(error.getInteger("status")).isEqualTo(429);
    assertThat(error.getJsonObject("error").getString("code"))
        .isEqualTo("concurrency_limit_exceeded");
    client.first(frame ->
        "b".equals(frame.getString("stream_id"))
            && frame.getString("type").equals("response.output_text.delta"));
    client.socket.abort();
    await().until(() -> node.spool.records().size() == 3);
  }

  @Test
  void aConnectionHasSoManyLanesInItsLife() {
    at("openai", "sim-n1-d0-t0");
    SocketTester client = connect();

    for (int i = 0; i < 33; i++) {
      String lane = "lane-" + i;
      client
          .send(create("\"stream_id\":\"%s\",\"input\":\"x\"".formatted(lane)))
          .first(frame ->
              lane.equals(frame.getString("stream_id")) && frame.containsKey("request_id"));
    }

    JsonObject error = client.first("error");
    assertThat(error.getString("stream_id")).isEqualTo("lane-32");
    assertThat(error.getJsonObject("error").getString("code"))
        .isEqualTo("websocket_stream_limit_reached");
  }

  @Test
  void inputCanBeTakenInWithoutAnAnswer() {
    at("anthropic", "sim-text");
    SocketTester client = connect();

    JsonObject done =
        client
            .send(create("\"generate\":false,\"input\":\"the context\""))
            .first("response.completed");

    assertThat(client.frames.getFirst().getString("type")).isEqualTo("response.created");
    assertThat(done.getJsonObject("response").getJsonArray("output")).isEmpty();
    assertThat(node.sim.invoice().calls()).isEmpty();
    assertThat(node.onlyRecord().getCostNanoUsd()).isZero();
    String id = done.getJsonObject("response").getString("id");
    client.frames.clear();
    client.send(create("\"previous_response_id\":\"" + id + "\",\"input\":\"the question\""));
    client.first("response.completed");
    assertThat(node.sim.invoice().calls().getFirst().body())
        .contains("the context", "the question");
  }

  @Test
  void aRunningResponseCannotBeSteered() {
    at("openai", "sim-text");
    SocketTester client = connect();

    client.send(
        "{\"type\":\"response.steer\",\"previous_response_id\":\"resp_1\",\"input\":\"stop\"}");

    JsonObject failed = client.first("response.steer.failed");
    assertThat(failed.getJsonObject("error").getString("code")).isEqualTo("steering_not_supported");
    assertThat(failed.getJsonObject("steer"))
        .isEqualTo(new JsonObject("{\"previous_response_id\":\"resp_1\",\"input\":\"stop\"}"));
    assertThat(client.send(create("\"input\":\"x\"")).first("response.completed")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"response.cancel\"} | type",
        "{\"model\":\"assistant\",\"input\":\"x\"} | type",
        "{\"type\":\"response.create\",\"model\":\"assistant\",\"input\":\"x\",\"stream_id\":\"\"} | stream_id",
        "{\"type\":\"response.create\",\"model\":\"assistant\",\"input\":\"x\",\"stream_id\":\"a b\"} | stream_id",
        "{\"type\":\"response.create\",\"model\":\"assistant\",\"input\":\"x\",\"generate\":1} | generate",
        "{\"type\":\"response.create\",\"model\":\"assistant\",\"input\":\"x\",\"previous_response_id\":7} | previous_response_id",
        "{\"type\":\"response.create\",\"model\":\"assistant\",\"input\":{}} | input",
        "{\"type\":\"response.create\",\"model\":\"assistant\"} | input",
        "{\"type\":\"response.create\",\"input\":\"x\"} | model",
        "{\"type\":\"response.create\",\"input\": | ''",
        "[] | ''"
      })
  void whatIsWrongWithAMessageIsNamed(String message, String field) {
    at("openai", "sim-text");
    SocketTester client = connect();

    client.send(message);

    JsonObject error = client.first("error");
    assertThat(error.getInteger("status")).isEqualTo(400);
    assertThat(error.getJsonObject("error").getString("code")).isEqualTo("invalid_request");
    assertThat(error.getJsonObject("error").getString("param"))
        .isEqualTo(field.isEmpty() ? null : field);
    assertThat(node.onlyRecord().getTenant()).isEqualTo("acme");
    assertThat(client.send(create("\"input\":\"x\"")).first("response.completed")).isNotNull();
  }

  @Test
  void aProvidersRefusalIsAnErrorWithItsStatus() {
    atRecorded();
    openai.answers(
        400,
        "{\"error\":{\"message\":\"too odd\",\"type\":\"invalid_request_error\",\"code\":\"odd\"}}");
    SocketTester client = connect();

    client.send(create("\"input\":\"x\""));

    JsonObject error = client.first("error");
    assertThat(error.getInteger("status")).isEqualTo(400);
    assertThat(error.getJsonObject("error").getString("code")).isEqualTo("odd");
  }

  @Test
  void aProvidersRefusalThatCannotBeReadIsAnErrorAllTheSame() {
    atRecorded();
    openai.answers(400, "{\"error\":{nonsense}}");
    SocketTester client = connect();

    client.send(create("\"input\":\"x\""));

    JsonObject error = client.first("error");
    assertThat(error.getInteger("status")).isEqualTo(400);
    assertThat(error.getJsonObject("error").getString("type")).isEqualTo("invalid_request_error");
    assertThat(error.getJsonObject("error").getString("message"))
        .startsWith("The provider reported an error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "anthropic", "mistral"})
  void aCutStreamEndsWithOneError(String protocol) {
    at(protocol, "sim-close-after-2");
    SocketTester client = connect();

    client.send(create("\"input\":\"x\""));

    JsonObject error = client.first("error");
    assertThat(error.getInteger("status")).isEqualTo(502);
    assertThat(error.getJsonObject("error").getString("code")).isEqualTo("upstream_cut");
    await().until(() -> !node.spool.records().isEmpty());
    assertThat(client.frames)
        .noneMatch(frame -> frame.getString("type").matches("response\\.(completed|failed)"));
  }

  @Test
  void anAnswerInOnePieceIsItsLastEvent() {
    atRecorded();
    openai.answers(
        200,
        "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"incomplete\",\"output\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}");
    SocketTester client = connect();

    client.send(create("\"input\":\"x\""));

    assertThat(client.first("response.incomplete").getJsonObject("response").getString("id"))
        .isEqualTo("resp_1");
  }

  private void atRecorded() {
    node.provider("openai", NodeTester.REGION, openai.baseUrl())
        .modelAt("assistant", "openai", "up")
        .publish();
  }

  private void at(String protocol, String script) {
    node.assistant(protocol, script).publish();
  }

  private SocketTester connect() {
    return SocketTester.connect(node, SocketTester.RESPONSES);
  }

  private static String create(String more) {
    return "{\"type\":\"response.create\",\"model\":\"assistant\"," + more + "}";
  }
}
