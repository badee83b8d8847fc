package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.SimClient.Answered;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesTest {
  private static final String PATH = "/v1/responses";
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @Test
  void opensFillsAndClosesAMessage() {
    Answered answer = stream("sim-text", "");

    assertThat(answer.names().stream().distinct())
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");
    assertThat(answer.joined("/delta")).isEqualTo("It is mild in Paris.");
    List<Integer> numbers =
        answer.events().stream()
            .map(event -> event.data().path("sequence_number").intValue())
            .toList();
    assertThat(numbers).isEqualTo(IntStream.range(0, numbers.size()).boxed().toList());
    assertThat(answer.events())
        .allMatch(event -> event.name().equals(event.data().path("type").textValue()));
    JsonNode whole = answer.events().getLast().data().path("response");
    assertThat(whole.at("/output/0/content/0/text").textValue()).isEqualTo("It is mild in Paris.");
    assertThat(whole.at("/usage/total_tokens").intValue()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "completed_at",
        "previous_response_id",
        "truncation",
        "text",
        "presence_penalty",
        "frequency_penalty",
        "top_logprobs",
        "reasoning",
        "max_output_tokens",
        "max_tool_calls",
        "store",
        "background",
        "service_tier",
        "safety_identifier",
        "prompt_cache_key",
        "error",
        "incomplete_details",
        "instructions",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "temperature",
        "top_p",
        "metadata",
        "usage"
      })
  void hasEveryFieldOfTheResponseObject(String field) {
    assertThat(ask("sim-text", "").json().has(field)).isTrue();
  }

  @Test
  void callsInParallelItemAfterItem() {
    Answered answer = stream("sim-tools", "");

    assertThat(answer.joined("/delta")).isEqualTo("{\"city\":\"Paris\"}{\"city\":\"Rome\"}");
    JsonNode output = answer.events().getLast().data().at("/response/output");
    assertThat(output).hasSize(2);
    assertThat(output.at("/1/arguments").textValue()).isEqualTo("{\"city\":\"Rome\"}");
    assertThat(output.at("/1/call_id").textValue()).startsWith("call_");
    assertThat(output.at("/0/id").textValue()).startsWith("fc_");
    assertThat(ask("sim-tool-bare", "").json().at("/output/0/arguments").textValue())
        .isEqualTo("{}");
  }

  @Test
  void showsThoughtsOnlyToWhoAsksForASummary() {
    Answered plain = stream("sim-reasoning", "");
    Answered asked =
        stream(
            "sim-reasoning",
            ",\"reasoning\":{\"summary\":\"auto\"},\"include\":[\"reasoning.encrypted_content\"]");

    assertThat(plain.body()).doesNotContain("France").contains("\"reasoning_tokens\":9");
    assertThat(asked.names())
        .contains("response.reasoning_summary_part.added", "response.reasoning_summary_text.done");
    JsonNode item = asked.events().getLast().data().at("/response/output/0");
    assertThat(item.at("/summary/0/text").textValue())
        .isEqualTo("Paris is in France. It must be mild there.");
    String back = ",\"store\":false,\"input\":[" + item + ",{\"role\":\"user\",\"content\":\"a\"}]";
    assertThat(SIM.post(PATH, "{\"model\":\"sim-text\"" + back + "}").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "sim-length,incomplete,max_output_tokens",
    "sim-filter,incomplete,content_filter",
    "sim-json,completed,",
    "sim-refusal,completed,"
  })
  void saysHowItEnded(String model, String status, String reason) {
    JsonNode whole = ask(model, "").json();

    assertThat(whole.path("status").textValue()).isEqualTo(status);
    assertThat(whole.at("/incomplete_details/reason").textValue()).isEqualTo(reason);
    assertThat(stream(model, "").names()).endsWith("response." + status);
  }

  @Test
  void refusesInAPartOfItsOwn() {
    Answered answer = stream("sim-refusal", "");

    assertThat(answer.names()).contains("response.refusal.delta", "response.refusal.done");
    assertThat(
            answer.events().getLast().data().at("/response/output/0/content/0/refusal").textValue())
        .isEqualTo("I cannot help with that.");
  }

  @Test
  void failsByANestedErrorAndThenAFailedResponse() {
    Answered answer = stream("sim-error-mid-stream", "");

    assertThat(answer.names()).endsWith("error", "response.failed");
    JsonNode error = answer.events().get(answer.events().size() - 2).data();
    assertThat(error.at("/error/type").textValue()).isEqualTo("server_error");
    assertThat(error.has("message")).isFalse();
    assertThat(answer.events().getLast().data().at("/response/status").textValue())
        .isEqualTo("failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ,"stop":["a"]                                         | stop                   | unknown_parameter
          ,"n":1                                                | n                      | unknown_parameter
          ,"seed":1                                             | seed                   | unknown_parameter
          ,"messages":[]                                        | messages               | unknown_parameter
          ,"max_tokens":9                                       | max_tokens             | unknown_parameter
          ,"max_output_tokens":15                               | max_output_tokens      | invalid_value
          ,"previous_response_id":"resp_1"                      | previous_response_id   | previous_response_not_found
          ,"tools":[{"type":"function","function":{"name":"f"}}] | tools[0].name         | missing_required_parameter
          ,"tools":[{"type":"magic"}]                           | tools[0].type          | invalid_value
          ,"text":{"format":{"type":"json_schema","name":"n"}}  | text.format.schema     | missing_required_parameter
          ,"reasoning":{"effort":"hard"}                        | reasoning.effort       | invalid_value
          ,"include":["everything"]                             | include                | invalid_value
          ,"stream_options":{"include_obfuscation":false}       | stream_options         |
          ,"stream":true,"stream_options":{"include_usage":true} | stream_options.include_usage | unknown_parameter
          ,"background":true                                    | background             | invalid_value
          """)
  void refusesFieldsThatAreWrong(String field, String param, String code) {
    Answered answer = ask("sim", field);

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().at("/error/param").textValue()).isEqualTo(param);
    assertThat(answer.json().at("/error/code").textValue()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                                          | non-empty
          [{"role":"tool","content":"a"}]                                             | input[0].role
          [{"type":"odd"}]                                                            | input[0].type
          [{"role":"user","content":[{"type":"text","text":"a"}]}]                    | input[0].content[0].type
          [{"role":"assistant","content":[{"type":"input_text","text":"a"}]}]         | input[0].content[0].type
          [{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]        | No tool output found
          [{"type":"function_call_output","call_id":"c","output":"a"}]                | No tool call found
          [{"type":"reasoning","id":"r","summary":[],"encrypted_content":"Zm9yZWlnbg=="}] | could not be verified
          """)
  void refusesInputThatIsWrong(String input, String complaint) {
    Answered answer = SIM.post(PATH, "{\"model\":\"sim\",\"input\":" + input + "}");

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains(complaint);
  }

  private static Answered ask(String model, String fields) {
    return SIM.post(PATH, "{\"model\":\"%s\",\"input\":\"Hello\"%s}".formatted(model, fields));
  }

  private static Answered stream(String model, String fields) {
    return ask(model, ",\"stream\":true" + fields);
  }
}
