package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.SimClient.Answered;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistralTest {
  private static final String PATH = "/mistral/v1/chat/completions";
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @Test
  void putsUsageOnTheFinishChunkAndOnNoOther() {
    Answered answer = stream("sim-text");

    List<JsonNode> chunks = answer.events().stream().map(SimClient.Event::data).toList();
    assertThat(answer.joined("/choices/0/delta/content")).isEqualTo("It is mild in Paris.");
    assertThat(chunks).filteredOn(chunk -> chunk.has("usage")).containsExactly(chunks.getLast());
    assertThat(chunks.getLast().at("/usage/completion_tokens").intValue()).isEqualTo(5);
    assertThat(chunks.getLast().at("/choices/0/finish_reason").textValue()).isEqualTo("stop");
    assertThat(chunks).allMatch(chunk -> !chunk.at("/choices/0/finish_reason").isMissingNode());
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    assertThat(answer.headers().firstValue("mistral-correlation-id")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"sim-tool,1", "sim-tools,2", "sim-tool-bare,1"})
  void sendsWholeCallsInTheFinishChunk(String model, int count) {
    JsonNode last = stream(model).events().getLast().data();

    JsonNode calls = last.at("/choices/0/delta/tool_calls");
    assertThat(calls).hasSize(count);
    assertThat(calls.at("/0/id").textValue()).matches("[A-Za-z0-9]{9}");
    assertThat(SimClient.json(calls.at("/0/function/arguments").textValue()).isObject()).isTrue();
    assertThat(last.at("/choices/0/finish_reason").textValue()).isEqualTo("tool_calls");
    assertThat(last.at("/usage/prompt_tokens").intValue()).isEqualTo(2);
  }

  @Test
  void streamsFillerInTheShapeOfText() {
    SIM.scripts()
        .put(
            "<text>",
            """
            {"steps": [{"text": {"chunks": 2}}, {"think": "a"}, {"text": {"chunks": 1}},
                       {"finish": "stop"}]}
            """);

    Answered answer = stream("<text>");

    assertThat(answer.joined("/choices/0/delta/content"))
        .matches("0000000 [a-z ]{16}0000001 [a-z ]{16}");
    assertThat(answer.joined("/choices/0/delta/content/0/text")).matches("0000000 [a-z ]{16}");
    assertThat(answer.events())
        .allMatch(event -> event.data().at("/model").asText().equals("<text>"));
  }

  @Test
  void streamsThoughtsAsChunksOfContent() {
    Answered answer = stream("sim-reasoning");

    assertThat(answer.joined("/choices/0/delta/content/0/thinking/0/text"))
        .isEqualTo("Paris is in France. It must be mild there.");
    assertThat(answer.joined("/choices/0/delta/content/0/text")).isEqualTo("It is mild in Paris.");
    assertThat(answer.events().getLast().data().at("/choices/0/delta/content").isTextual())
        .isTrue();
    JsonNode whole = SIM.post(PATH, RawClient.hello("sim-reasoning", "")).json();
    assertThat(whole.at("/choices/0/message/content/0/type").textValue()).isEqualTo("thinking");
    assertThat(whole.at("/choices/0/message/content/1/text").textValue())
        .isEqualTo("It is mild in Paris.");
  }

  @Test
  void breaksOffWithItsErrorObject() {
    Answered answer = stream("sim-error-mid-stream");

    assertThat(answer.events().getLast().data().path("object").textValue()).isEqualTo("error");
    assertThat(answer.body()).doesNotContain("[DONE]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ,"stream_options":{"include_usage":true}             | extra_forbidden | ["body","stream_options"]
          ,"max_completion_tokens":9                           | extra_forbidden | ["body","max_completion_tokens"]
          ,"store":false                                       | extra_forbidden | ["body","store"]
          ,"seed":1                                            | extra_forbidden | ["body","seed"]
          ,"user":"u"                                          | extra_forbidden | ["body","user"]
          ,"temperature":1.6                                   | value_error     | ["body","temperature"]
          ,"tools":[{"type":"function","function":{"name":"f"}}] | missing       | ["body","tools",0,"function","parameters"]
          ,"tool_choice":"must"                                | value_error     | ["body","tool_choice"]
          """)
  void refusesFieldsWithDetails(String field, String type, String place) {
    Answered answer = SIM.post(PATH, RawClient.hello("sim", field));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().at("/detail/0/type").textValue()).isEqualTo(type);
    assertThat(answer.json().at("/detail/0/loc")).isEqualTo(SimClient.json(place));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"abcdefghi","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"abcdefghi","content":"b"},{"role":"user","content":"c"}] | 3230 | after role 'tool'
          [{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"call_1","function":{"name":"f","arguments":"{}"}}]}] | 3280 | length of 9
          [{"role":"user","content":"a"},{"role":"tool","tool_call_id":"abcdefghi","content":"b"}] | 3230 | Unexpected role 'tool'
          [{"role":"user","content":"a"},{"role":"assistant","content":"b"}] | 3230 | Expected last role
          [{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"abcdefghi","function":{"name":"f","arguments":"{}"}}]},{"role":"user","content":"c"}] | 3230 | Not the same number
          """)
  void refusesOrdersOfMessages(String messages, String code, String complaint) {
    Answered answer = SIM.post(PATH, "{\"model\":\"sim\",\"messages\":" + messages + "}");

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().path("object").textValue()).isEqualTo("error");
    assertThat(answer.json().path("code").textValue()).isEqualTo(code);
    assertThat(answer.json().path("message").textValue()).contains(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"role":"developer","content":"a"}                        | value_error     | ["body","messages",0,"role"]
          {"role":"assistant","content":"a","reasoning_content":""} | extra_forbidden | ["body","messages",0,"reasoning_content"]
          {"role":"user","content":"a","name":"n"}                  | extra_forbidden | ["body","messages",0,"name"]
          """)
  void refusesMessagesOfOthers(String message, String type, String place) {
    Answered answer = SIM.post(PATH, "{\"model\":\"sim\",\"messages\":[" + message + "]}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().at("/detail/0/type").textValue()).isEqualTo(type);
    assertThat(answer.json().at("/detail/0/loc")).isEqualTo(SimClient.json(place));
  }

  @ParameterizedTest
  @CsvSource({
    "nope,400,invalid_model,1500",
    "sim-status-429,429,rate_limited,1300",
    "sim-status-503,503,service_unavailable,3700"
  })
  void failsInItsOwnWords(String model, int status, String type, String code) {
    Answered answer = SIM.post(PATH, RawClient.hello(model, ""));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().path("type").textValue()).isEqualTo(type);
    assertThat(answer.json().path("code").textValue()).isEqualTo(code);
  }

  @Test
  void takesAPrefixAndAToolLoop() {
    String loop =
        """
        {"model":"sim-text","messages":[{"role":"user","content":"a"},
         {"role":"assistant","tool_calls":[{"id":"abcdefghi","function":{"name":"f","arguments":{}}}]},
         {"role":"tool","tool_call_id":"abcdefghi","name":"f","content":"b"}%s]}
        """;

    assertThat(SIM.post(PATH, loop.formatted("")).status()).isEqualTo(200);
    assertThat(
            SIM.post(
                    PATH,
                    loop.formatted(",{\"role\":\"assistant\",\"content\":\"It\",\"prefix\":true}"))
                .status())
        .isEqualTo(200);
  }

  private static Answered stream(String model) {
    return SIM.post(PATH, RawClient.hello(model, ",\"stream\":true"));
  }
}
