package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.SimClient.Answered;
import dev.penstock.providersim.invoice.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTest {
  private static final String PATH = "/v1/messages";
  private static final String OLDER = "2023-06-01";
  private static final String NEWER = "2026-10-21";
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @Test
  void streamsEveryEventUnderItsName() {
    Answered answer = stream("sim-text");

    assertThat(answer.names())
        .startsWith("message_start", "content_block_start", "ping", "content_block_delta")
        .endsWith("content_block_stop", "message_delta", "message_stop")
        .allMatch(name -> !name.isEmpty());
    assertThat(answer.joined("/delta/text")).isEqualTo("It is mild in Paris.");
    assertThat(answer.events().getFirst().data().at("/message/usage/output_tokens").intValue())
        .isEqualTo(1);
    JsonNode end = answer.events().get(answer.events().size() - 2).data();
    assertThat(end.at("/usage/output_tokens").intValue()).isEqualTo(5);
    assertThat(end.at("/usage/input_tokens").intValue()).isEqualTo(2);
    assertThat(end.at("/delta/stop_reason").textValue()).isEqualTo("end_turn");
    assertThat(answer.headers().firstValue("request-id")).isPresent();
  }

  @Test
  void numbersBlocksWithoutGapsAndSealsThoughts() {
    Answered answer = stream("sim-reasoning-tool");

    assertThat(
            answer.events().stream()
                .filter(event -> event.name().equals("content_block_start"))
                .map(event ->
                    event.data().path("index")
                        + event.data().at("/content_block/type").textValue()))
        .containsExactly("0thinking", "1tool_use");
    assertThat(answer.joined("/delta/thinking"))
        .isEqualTo("Paris is in France. It must be mild there.");
    assertThat(answer.joined("/delta/signature")).hasSize(44);
    assertThat(answer.joined("/delta/partial_json")).isEqualTo("{\"city\":\"Paris\"}");
    assertThat(answer.joined("/delta/stop_reason")).contains("tool_use");
    assertThat(answer.body()).contains("\"thinking_tokens\":9");
  }

  @Test
  void numbersFillerWithTheBlockItIsIn() {
    SIM.scripts()
        .put(
            "filler",
            """
            {"steps": [{"text": {"chunks": 2}}, {"think": "a"}, {"text": {"chunks": 2}},
                       {"finish": "stop"}]}
            """);

    Answered answer = stream("filler");

    assertThat(
            answer.events().stream()
                .filter(event -> event.data().at("/delta/type").asText().equals("text_delta"))
                .map(event -> event.data().path("index").intValue()))
        .containsExactly(0, 0, 2, 2);
    assertThat(answer.joined("/delta/text")).startsWith("0000000 ").contains("0000001 ");
  }

  @Test
  void warmsACacheWithoutAWord() {
    JsonNode whole =
        SIM.post(
                PATH,
                model("sim-text", "").replace("\"max_tokens\":4096", "\"max_tokens\":0"),
                "anthropic-version",
                NEWER)
            .json();

    assertThat(whole.path("content")).isEmpty();
    assertThat(whole.path("stop_reason").textValue()).isEqualTo("max_tokens");
  }

  @Test
  void hidesThoughtsInTheirSealIfItIsTold() {
    String hidden = ",\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"}";

    JsonNode content = ask("sim-reasoning", hidden).json().path("content");
    Answered streamed = ask("sim-reasoning", hidden + ",\"stream\":true");

    assertThat(content.at("/0/thinking").textValue()).isEmpty();
    assertThat(streamed.names()).contains("content_block_start");
    assertThat(streamed.body()).doesNotContain("France", "thinking_delta");
    assertThat(streamed.joined("/delta/signature"))
        .isEqualTo(content.at("/0/signature").textValue());
    String back =
        """
        {"model":"sim-text","max_tokens":99,"messages":[{"role":"user","content":"a"},
         {"role":"assistant","content":%s},{"role":"user","content":"b"}]}
        """;
    assertThat(SIM.post(PATH, back.formatted(content), "anthropic-version", NEWER).status())
        .isEqualTo(200);
  }

  @Test
  void serialisesParallelCalls() {
    Answered answer = stream("sim-tools");

    assertThat(answer.joined("/delta/partial_json"))
        .isEqualTo("{\"city\":\"Paris\"}{\"city\":\"Rome\"}");
  }

  @Test
  void callsWithoutArgumentsByOneEmptyPiece() {
    Answered answer = stream("sim-tool-bare");

    assertThat(answer.body())
        .containsOnlyOnce("{\"type\":\"input_json_delta\",\"partial_json\":\"\"}");
    JsonNode whole = ask("sim-tool-bare", "").json();
    assertThat(whole.at("/content/0/input").isObject()).isTrue();
    assertThat(whole.at("/content/0/id").textValue()).startsWith("toolu_01");
  }

  @ParameterizedTest
  @CsvSource({
    "sim-length,max_tokens",
    "sim-refusal,refusal",
    "sim-filter,refusal",
    "sim-json,end_turn",
    "sim-tools,tool_use"
  })
  void saysWhyItStopped(String model, String reason) {
    JsonNode whole = ask(model, "").json();

    assertThat(whole.path("stop_reason").textValue()).isEqualTo(reason);
    assertThat(whole.has("stop_details")).isEqualTo(reason.equals("refusal"));
    assertThat(stream(model).body()).contains("\"stop_reason\":\"" + reason + "\"");
  }

  @Test
  void countsCachesApartFromTheInput() {
    // Given
    SIM.scripts()
        .put(
            "cached",
            """
            {"usage": {"promptTokens": 1111, "cachedTokens": 1000, "cacheWrite5mTokens": 10,
                       "cacheWrite1hTokens": 1, "completionTokens": 30},
             "steps": [{"say": "x"}, {"finish": "stop"}]}
            """);

    // When
    JsonNode usage = ask("cached", "").json().path("usage");

    // Then
    assertThat(usage.path("input_tokens").intValue()).isEqualTo(100);
    assertThat(usage.path("cache_read_input_tokens").intValue()).isEqualTo(1000);
    assertThat(usage.path("cache_creation_input_tokens").intValue()).isEqualTo(11);
    assertThat(usage.at("/cache_creation/ephemeral_1h_input_tokens").intValue()).isEqualTo(1);
    assertThat(SIM.firstCall().protocol()).isEqualTo("anthropic-messages");
  }

  @Test
  void breaksOffWithAnErrorEvent() {
    Answered answer = stream("sim-error-mid-stream");

    assertThat(answer.names()).endsWith("error").doesNotContain("message_stop");
    assertThat(answer.events().getLast().data().at("/error/type").textValue())
        .isEqualTo("api_error");
    assertThat(SIM.firstCall().outcome()).isEqualTo(Outcome.BROKEN);
  }

  @ParameterizedTest
  @CsvSource({
    "401,authentication_error",
    "402,billing_error",
    "413,request_too_large",
    "429,rate_limit_error",
    "500,api_error",
    "504,timeout_error",
    "529,overloaded_error"
  })
  void failsInItsOwnWords(int status, String type) {
    Answered answer = ask("sim-status-" + status, "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().at("/error/type").textValue()).isEqualTo(type);
    assertThat(answer.json().path("request_id").textValue())
        .isEqualTo(answer.headers().firstValue("request-id").orElseThrow());
  }

  @Test
  void countsTokensForNothing() {
    String body =
        "{\"model\":\"sim\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]}";

    Answered answer = SIM.post(PATH + "/count_tokens", body, "anthropic-version", NEWER);

    assertThat(answer.json()).isEqualTo(SimClient.json("{\"input_tokens\":3}"));
    assertThat(SIM.firstCall().billedNanoUsd()).isZero();
    assertThat(SIM.post(PATH + "/count_tokens", with(""), "anthropic-version", NEWER).body())
        .contains("max_tokens: Extra inputs are not permitted");
  }

  @Test
  void listsModelsWhereAVersionIsNamed() {
    Answered answer = SIM.get("/v1/models", "x-api-key", RawClient.KEY, "anthropic-version", OLDER);

    assertThat(answer.json().path("has_more").isBoolean()).isTrue();
    assertThat(answer.json().at("/data/0/type").textValue()).isEqualTo("model");
    assertThat(
            SIM.get("/v1/models", "authorization", "Bearer " + RawClient.KEY)
                .json()
                .path("object")
                .textValue())
        .isEqualTo("list");
  }

  @Test
  void prefersTheKeyInItsOwnHeader() {
    assertThat(
            SIM.postAs(PATH, with(""), "anthropic-version", OLDER, "x-api-key", RawClient.KEY)
                .status())
        .isEqualTo(200);
    Answered wrong = SIM.post(PATH, with(""), "anthropic-version", OLDER, "x-api-key", "other");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.json().at("/error/type").textValue()).isEqualTo("authentication_error");
  }

  private static String with(String fields) {
    return model("sim-n1-d0-t0", fields);
  }

  private static String model(String model, String fields) {
    return "{\"model\":\"%s\",\"max_tokens\":4096,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}"
        .formatted(model, fields);
  }

  private static Answered ask(String model, String fields) {
    return SIM.post(PATH, model(model, fields), "anthropic-version", NEWER);
  }

  private static Answered stream(String model) {
    return ask(model, ",\"stream\":true");
  }
}
