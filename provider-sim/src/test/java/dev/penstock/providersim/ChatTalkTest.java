package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.SimClient.Answered;
import dev.penstock.providersim.SimClient.Event;
import dev.penstock.providersim.invoice.Outcome;
import dev.penstock.providersim.invoice.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTalkTest {
  private static final String OPENAI = "/v1/chat/completions";
  private static final String VLLM = "/vllm/v1/chat/completions";
  private static final String OLDER_VLLM = "/older-vllm/v1/chat/completions";
  private static final String DELTA = "/choices/0/delta/";
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @Test
  void callsAToolPieceByPiece() {
    Answered answer = SIM.post(OPENAI, RawClient.stream("sim-tool"));

    assertThat(answer.joined(DELTA + "tool_calls/0/function/arguments"))
        .isEqualTo("{\"city\":\"Paris\"}");
    assertThat(answer.joined(DELTA + "tool_calls/0/function/name")).isEqualTo("get_weather");
    assertThat(answer.joined(DELTA + "tool_calls/0/id")).matches("call_\\w{24}");
    assertThat(answer.events().getFirst().data().at(DELTA + "content").isNull()).isTrue();
    assertThat(answer.joined("/choices/0/finish_reason")).contains("tool_calls");
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void sendsParallelCallsOneAfterTheOtherAsOpenAiDoes() {
    assertThat(callIndexes("sim-tools")).containsExactly(0, 0, 0, 1, 1, 1);
  }

  @Test
  void braidsParallelCallsWhereTheScriptWantsIt() {
    assertThat(callIndexes("sim-tools-braided")).containsExactly(0, 1, 0, 1, 0, 1);
  }

  private static List<Integer> callIndexes(String model) {
    return SIM.post(OPENAI, RawClient.stream(model)).events().stream()
        .map(event -> event.data().at(DELTA + "tool_calls/0/index"))
        .filter(JsonNode::isInt)
        .map(JsonNode::intValue)
        .toList();
  }

  @Test
  void callsWithoutArgumentsByAnEmptyObject() {
    Answered answer = SIM.post(OPENAI, RawClient.stream("sim-tool-bare"));

    assertThat(answer.joined(DELTA + "tool_calls/0/function/arguments")).isEqualTo("{}");
    assertThat(
            SIM.post(OPENAI, RawClient.hello("sim-tool-bare", ""))
                .json()
                .at("/choices/0/message/tool_calls/0/function/arguments")
                .textValue())
        .isEqualTo("{}");
  }

  @Test
  void refusesInItsOwnField() {
    Answered answer = SIM.post(OPENAI, RawClient.stream("sim-refusal"));

    assertThat(answer.joined(DELTA + "refusal")).isEqualTo("I cannot help with that.");
    assertThat(answer.joined(DELTA + "content")).isIn("", "null");
  }

  @Test
  void countsThoughtsThatItDoesNotShow() {
    Answered answer = SIM.post(OPENAI, RawClient.stream("sim-reasoning"));

    assertThat(answer.body()).doesNotContain("France").contains("\"reasoning_tokens\":9,");
    assertThat(answer.joined(DELTA + "content")).isEqualTo("It is mild in Paris.");
    assertThat(SIM.firstCall().usage()).isEqualTo(new Usage(2, 0, 0, 0, 14, 9));
  }

  @ParameterizedTest
  @CsvSource({"sim-length,length", "sim-filter,content_filter", "sim-json,stop"})
  void saysWhyItFinished(String model, String reason) {
    JsonNode whole = SIM.post(OPENAI, RawClient.hello(model, "")).json();

    assertThat(whole.at("/choices/0/finish_reason").textValue()).isEqualTo(reason);
  }

  @Test
  void cutsTalkAtMaxTokens() {
    JsonNode whole =
        SIM.post(OPENAI, RawClient.hello("sim-text", ",\"max_completion_tokens\":3")).json();

    assertThat(whole.at("/choices/0/message/content").textValue()).isEqualTo("It is mild ");
    assertThat(whole.at("/choices/0/finish_reason").textValue()).isEqualTo("length");
  }

  @Test
  void billsWhatWasSaidBeforeItBroke() {
    Answered answer = SIM.post(OPENAI, RawClient.stream("sim-error-mid-stream"));

    assertThat(answer.events().getLast().data().at("/error/type").textValue())
        .isEqualTo("server_error");
    assertThat(SIM.firstCall().outcome()).isEqualTo(Outcome.BROKEN);
    assertThat(SIM.firstCall().billedNanoUsd()).isEqualTo(2 * 2_500 + 3 * 10_000);
  }

  @Test
  void billsEveryKindOfTokenAtItsPrice() {
    // Given
    SIM.scripts()
        .put(
            "dear",
            """
            {"prices": {"input": 1, "cachedInput": 2, "cacheWrite5m": 3, "cacheWrite1h": 4,
                        "output": 5, "reasoning": 6},
             "usage": {"promptTokens": 1111, "cachedTokens": 100, "cacheWrite5mTokens": 10,
                       "cacheWrite1hTokens": 1, "completionTokens": 30, "reasoningTokens": 20},
             "steps": [{"say": "x"}, {"finish": "stop"}]}
            """);

    // When
    Answered answer = SIM.post(OPENAI, RawClient.hello("dear", ""));

    // Then
    assertThat(answer.json().at("/usage/prompt_tokens_details/cache_write_tokens").intValue())
        .isEqualTo(11);
    assertThat(SIM.firstCall().billedNanoUsd())
        .isEqualTo(1_000L * (1000 + 2 * 100 + 3 * 10 + 4 + 5 * 10 + 6 * 20));
  }

  @Test
  void vllmTakesAnyFieldAndShowsItsReasoning() {
    Answered answer =
        SIM.post(
            VLLM,
            RawClient.hello(
                "sim-reasoning",
                ",\"stream\":true,\"top_k\":5,\"stream_options\":{\"include_usage\":true,"
                    + "\"continuous_usage_stats\":true}"));

    assertThat(answer.joined(DELTA + "reasoning"))
        .isEqualTo("Paris is in France. It must be mild there.");
    List<Integer> counted =
        answer.events().stream()
            .map(Event::data)
            .map(chunk -> chunk.at("/usage/completion_tokens").intValue())
            .toList();
    assertThat(counted).isSorted().contains(1, 9).endsWith(14);
    assertThat(answer.events()).allMatch(event -> event.data().has("usage"));
  }

  @Test
  void anOlderVllmHasOtherNamesForIt() {
    Answered answer = SIM.post(OLDER_VLLM, RawClient.stream("sim-reasoning"));
    Answered broken = SIM.post(OLDER_VLLM, RawClient.stream("sim-error-mid-stream"));

    assertThat(answer.joined(DELTA + "reasoning_content"))
        .isEqualTo("Paris is in France. It must be mild there.");
    assertThat(broken.events().getLast().data().path("object").textValue()).isEqualTo("error");
    assertThat(broken.events().getLast().data().path("code").intValue()).isEqualTo(500);
    assertThat(SIM.post(OLDER_VLLM, "{}").json().path("code").intValue()).isEqualTo(400);
    assertThat(SIM.firstCall().protocol()).isEqualTo("older-vllm-chat");
  }

  @Test
  void vllmSaysDoneAfterAnErrorToo() {
    Answered answer = SIM.post(VLLM, RawClient.stream("sim-error-mid-stream"));

    assertThat(answer.events().getLast().data().at("/error/code").intValue()).isEqualTo(500);
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void vllmsErrorCodesAreNumbers() {
    Answered answer = SIM.post(VLLM, "{\"model\":\"sim\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/error/code").isInt()).isTrue();
    assertThat(answer.json().at("/error/type").textValue()).isEqualTo("BadRequestError");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/openai/deployments/sim-text/chat/completions?api-version=2024-10-21",
        "/openai/v1/chat/completions"
      })
  void azureSendsWhatItFilteredFirst(String path) {
    Answered answer = SIM.postAs(path, RawClient.stream("sim-text"), "api-key", RawClient.KEY);

    JsonNode first = answer.events().getFirst().data();
    assertThat(first.path("choices").isEmpty()).isTrue();
    assertThat(first.path("id").asText("?")).isEmpty();
    assertThat(first.path("prompt_filter_results").size()).isEqualTo(1);
    assertThat(answer.joined(DELTA + "content")).isEqualTo("It is mild in Paris.");
    assertThat(SIM.firstCall().protocol()).isEqualTo("azure-chat");
  }

  @ParameterizedTest
  @CsvSource({
    "/openai/deployments/sim-text/chat/completions,sk-sim-test,404,404",
    "/openai/deployments/sim-text/chat/completions?api-version=now,sk-sim-test,404,404",
    "/openai/deployments/nope/chat/completions?api-version=2024-10-21,sk-sim-test,404,DeploymentNotFound",
    "/openai/deployments/sim-text/chat/completions?api-version=2024-10-21,sk-other,401,401"
  })
  void azureRefusesInItsGatesWords(String path, String key, int status, String code) {
    Answered answer = SIM.postAs(path, RawClient.hello("x", ""), "api-key", key);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().at("/error/code").asText()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"a\"}]",
        "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"user\",\"content\":\"a\"}]",
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[]",
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]",
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tool_choice\":\"auto\"",
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"parallel_tool_calls\":false",
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"temperature\":2.5",
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"]",
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"response_format\":{\"type\":\"json_schema\"}",
        "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"reasoning_effort\":\"hard\""
      })
  void refusesWhatOpenAiRefuses(String fields) {
    Answered answer = SIM.post(OPENAI, "{\"model\":\"sim\"," + fields + "}");

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().at("/error/type").textValue()).isEqualTo("invalid_request_error");
  }
}
