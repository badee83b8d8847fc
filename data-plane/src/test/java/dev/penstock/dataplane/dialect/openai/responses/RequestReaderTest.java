package dev.penstock.dataplane.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"top_p\":1.1                                                        | top_p",
        "\"temperature\":\"1\"                                                | temperature",
        "\"max_output_tokens\":0                                              | max_output_tokens",
        "\"max_output_tokens\":1.5                                            | max_output_tokens",
        "\"truncation\":\"some\"                                              | truncation",
        "\"metadata\":{\"a\":1}                                               | metadata",
        "\"metadata\":[]                                                      | metadata",
        "\"include\":[7]                                                      | include[0]",
        "\"tool_choice\":\"any\"                                              | tool_choice",
        "\"tool_choice\":{\"type\":\"function\"}                              | tool_choice.name",
        "\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"name\":\"g\"}]  | tools[1].type",
        "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":[]}] | tools[0].parameters",
        "\"reasoning\":{\"effort\":\"huge\"}                                  | reasoning.effort",
        "\"text\":{\"format\":{\"type\":\"xml\"}}                             | text.format.type",
        "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\"}}      | text.format.schema",
        "\"text\":{\"verbosity\":\"loud\"}                                    | text.verbosity",
        "\"input\":{}                                                         | input",
        "\"input\":[7]                                                        | input[0]",
        "\"input\":[{\"role\":\"tool\",\"content\":\"x\"}]                    | input[0].role",
        "\"input\":[{\"content\":\"x\"}]                                      | input[0].role",
        "\"input\":[{\"role\":\"user\"}]                                      | input[0].content",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}] | input[0].content[0].text",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}] | input[0].content[0].image_url",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\"}]}] | input[0].content[0].file_data",
        "\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"[]\"}] | input[0].arguments",
        "\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{} {}\"}] | input[0].arguments",
        "\"input\":[{\"type\":\"function_call\",\"name\":\"f\"}]              | input[0].call_id",
        "\"input\":[{\"type\":\"function_call_output\",\"output\":\"x\"}]     | input[0].call_id"
      })
  void namesTheFieldThatIsWrong(String member, String param) {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class, () -> read("{\"model\":\"m\"," + rest(member)));

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(refused.refusal().param()).contains(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"previous_response_id\":\"r\"             | PROVIDER_STATE      | previous_response_id",
        "\"conversation\":{\"id\":\"c\"}            | PROVIDER_STATE      | conversation",
        "\"input\":[{\"type\":\"item_reference\",\"id\":\"i\"}] | PROVIDER_STATE | input[0].type",
        "\"background\":true                        | BACKGROUND          | background",
        "\"store\":true                             | STORE               | store",
        "\"truncation\":\"auto\"                    | TRUNCATION          | truncation",
        "\"temperature\":1.2                        | TEMPERATURE_ABOVE_1 | temperature",
        "\"presence_penalty\":0.1                   | PENALTIES           | presence_penalty",
        "\"top_logprobs\":2                         | LOG_PROBABILITIES   | top_logprobs",
        "\"include\":[\"message.output_text.logprobs\"] | LOG_PROBABILITIES | include[0]",
        "\"include\":[\"reasoning.encrypted_content\"]  | REASONING_DISPLAY | include[0]",
        "\"reasoning\":{\"summary\":\"auto\"}       | REASONING_DISPLAY   | reasoning.summary",
        "\"tools\":[{\"type\":\"web_search\"}]      | HOSTED_TOOLS        | tools[0].type",
        "\"tools\":[{\"type\":\"custom\",\"name\":\"c\"}] | CUSTOM_TOOLS  | tools[0].type",
        "\"tool_choice\":{\"type\":\"allowed_tools\"} | ALLOWED_TOOLS     | tool_choice.type",
        "\"service_tier\":\"flex\"                  | SERVICE_TIER        | service_tier",
        "\"user\":\"u\"                             | END_USER            | user",
        "\"prompt_cache_retention\":\"24h\"         | CACHE_OPTIONS       | prompt_cache_retention",
        "\"moderation\":{}                          | PROVIDER_GUARDRAILS | moderation",
        "\"text\":{\"format\":{\"type\":\"json_object\"}} | JSON_OBJECT   | text.format.type",
        "\"stop\":[\"x\"]                           | UNKNOWN_FIELD       | stop",
        "\"reasoning\":{\"mood\":\"x\"}             | UNKNOWN_FIELD       | reasoning.mood",
        "\"text\":{\"size\":1}                      | UNKNOWN_FIELD       | text.size",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_smell\"}]}] | UNKNOWN_FIELD | input[0].content[0].type",
        "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"file_id\":\"f\"}]}] | PROVIDER_FILE | input[0].content[0].file_id"
      })
  void notesWhatNotEveryDialectHas(String member, Feature feature, String path)
      throws JsonProcessingException {
    assertThat(read("{\"model\":\"m\"," + rest(member)).used()).containsEntry(feature, path);
  }

  private static String rest(String member) {
    return member.startsWith("\"input\"") ? member + "}" : member + ",\"input\":\"hi\"}";
  }

  @Test
  void notesNothingWhereEveryDialectHasIt() throws JsonProcessingException {
    ModelRequest request =
        read(
            """
            {"model":"m","input":[{"role":"user","content":"hi","type":"message"}],"store":false,
             "truncation":"disabled","temperature":1,"top_logprobs":0,"service_tier":"auto",
             "background":false,"include":[],"metadata":{},"user":null,"max_tool_calls":3,
             "stream_options":{"include_obfuscation":false},"text":{"format":{"type":"text"}},
             "tools":[{"type":"function","name":"f","description":null,"strict":null}]}
            """);

    assertThat(request.used()).isEmpty();
    assertThat(request.toString()).doesNotContain("hi");
  }

  @Test
  void makesOneTurnOfWhatAnAssistantDidInARow() throws JsonProcessingException {
    ModelRequest request =
        read(
            """
            {"model":"m","input":[
              {"type":"reasoning","summary":[],"encrypted_content":"enc"},
              {"role":"assistant","content":"I look."},
              {"type":"function_call","call_id":"c","name":"f","arguments":""},
              {"type":"function_call_output","call_id":"c","output":"done"},
              {"role":"assistant","content":[{"type":"refusal","refusal":"No."}]}]}
            """);

    assertThat(request.turns())
        .containsExactly(
            new Turn.Assistant(
                List.of(
                    new Part.EncryptedThought("enc", "", Dialect.OPENAI_RESPONSES),
                    new Part.Text("I look.", Optional.empty()),
                    new Part.ToolCall("c", "f", "{}", "input[2]"))),
            new Turn.ToolResult(
                "c", List.of(new Part.Text("done", Optional.empty())), false, "input[3]"),
            new Turn.Assistant(List.of(new Part.Refusal("No."))));
  }

  @Test
  void givesForeignReasoningBackAsWhatItWas() throws JsonProcessingException {
    ModelRequest request =
        read(
            """
            {"model":"m","input":[
              {"type":"reasoning","summary":[],
               "encrypted_content":"penstock:anthropic-messages:signature:s1"},
              {"type":"reasoning","summary":[],
               "encrypted_content":"penstock:anthropic-messages:encrypted:s2"}]}
            """);

    assertThat(request.turns())
        .containsExactly(
            new Turn.Assistant(
                List.of(
                    new Part.Thought("", "s1", Dialect.ANTHROPIC_MESSAGES),
                    new Part.EncryptedThought("s2", "", Dialect.ANTHROPIC_MESSAGES))));
  }

  private static ModelRequest read(String body) throws JsonProcessingException {
    return new ResponsesCodec().requests().decode(new ObjectMapper().readTree(body));
  }
}
