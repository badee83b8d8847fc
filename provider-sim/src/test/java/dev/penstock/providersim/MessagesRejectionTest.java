package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.SimClient.Answered;
import dev.penstock.providersim.invoice.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesRejectionTest {
  private static final String PATH = "/v1/messages";
  private static final String OLDER = "2023-06-01";
  private static final String NEWER = "2026-10-21";

  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          2023-06-01 | ,"store":true                                         | store: Extra inputs are not permitted
          2023-06-01 | ,"temperature":1.5                                    | temperature: Input should be
          2026-10-21 | ,"temperature":1                                      | temperature: is not supported
          2026-10-21 | ,"top_p":1                                            | top_p: is not supported
          2026-10-21 | ,"top_k":0                                            | top_k: is not supported
          2023-06-01 | ,"thinking":{"type":"enabled","budget_tokens":1000}   | thinking.budget_tokens: Input should be
          2023-06-01 | ,"thinking":{"type":"enabled","budget_tokens":4096}   | must be greater than
          2023-06-01 | ,"thinking":{"type":"adaptive","budget_tokens":2048}  | thinking.budget_tokens: Extra inputs
          2023-06-01 | ,"temperature":0,"thinking":{"type":"enabled","budget_tokens":1024} | may only be set to 1 when thinking
          2023-06-01 | ,"tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"},"thinking":{"type":"adaptive"} | Thinking may not be enabled
          2023-06-01 | ,"tools":[{"name":"f"}]                               | tools.0.input_schema: Field required
          2023-06-01 | ,"tools":[{"name":"f","input_schema":{"type":"object"},"parameters":{}}] | tools.0.parameters: Extra inputs
          2023-06-01 | ,"tool_choice":{"type":"auto"}                        | providing `tools`
          2023-06-01 | ,"stop_sequences":[" "]                               | non-whitespace
          2023-06-01 | ,"output_config":{"format":{"type":"json_object"}}    | output_config.format.type: Input should be
          2023-06-01 | ,"cache_control":{"type":"ephemeral","ttl":"2h"}      | cache_control.ttl: Input should be
          2023-06-01 | ,"metadata":{"user":"u"}                              | metadata.user: Extra inputs
          2024-01-01 | ,"stream":false                                       | not a valid version
          """)
  void refusesFieldsThatAreWrong(String version, String field, String complaint) {
    Answered answer = SIM.post(PATH, with(field), "anthropic-version", version);

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().at("/error/type").textValue()).isEqualTo("invalid_request_error");
    assertThat(answer.json().at("/error/message").textValue()).contains(complaint);
    assertThat(SIM.firstCall().outcome()).isEqualTo(Outcome.REJECTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                                 | at least one message
          [{"role":"assistant","content":"a"}]                               | first message must use
          [{"role":"tool","content":"a"}]                                    | messages.0.role: Input should be
          [{"role":"user","content":""}]                                     | non-empty
          [{"role":"user","content":[{"type":"image_url"}]}]                 | messages.0.content.0.type
          [{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"AA=="}}]}] | media_type
          [{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}] | unexpected `tool_use_id`
          [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]}] | without `tool_result`
          [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":"b"}] | without `tool_result`
          [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"text","text":"b"},{"type":"tool_result","tool_use_id":"t"}]}] | before all other
          [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"t.1","name":"f","input":{}}]}] | messages.1.content.0.id
          [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":"forged"}]}] | in `thinking` block
          [{"role":"user","content":"a"},{"role":"assistant","content":"b "}] | trailing whitespace
          [{"role":"user","content":"a","name":"n"}]                          | messages.0.name: Extra inputs
          """)
  void refusesConversationsThatAreWrong(String messages, String complaint) {
    Answered answer =
        SIM.post(
            PATH,
            "{\"model\":\"sim\",\"max_tokens\":9,\"messages\":" + messages + "}",
            "anthropic-version",
            OLDER);

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.json().at("/error/message").textValue()).contains(complaint);
  }

  @Test
  void needsMaxTokensAndAVersion() {
    String body = "{\"model\":\"sim\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";

    assertThat(SIM.post(PATH, body, "anthropic-version", OLDER).body())
        .contains("max_tokens: Field required");
    assertThat(SIM.post(PATH, with("")).body()).contains("anthropic-version");
  }

  @Test
  void takesItsOwnThoughtsBackInAToolLoop() {
    // Given
    JsonNode content = ask("sim-reasoning-tool", "").json().path("content");
    String id = content.at("/1/id").textValue();
    String loop =
        """
        {"model":"sim-text","max_tokens":4096,"thinking":{"type":"adaptive"},"messages":[
         {"role":"user","content":"a"},{"role":"assistant","content":%s},
         {"role":"user","content":[{"type":"tool_result","tool_use_id":"%s","content":"14"}]}]}
        """;

    // When
    Answered taken = SIM.post(PATH, loop.formatted(content, id), "anthropic-version", NEWER);
    Answered bare =
        SIM.post(PATH, loop.formatted("[" + content.get(1) + "]", id), "anthropic-version", NEWER);

    // Then
    assertThat(taken.status()).as(taken.body()).isEqualTo(200);
    assertThat(bare.body()).contains("Expected `thinking`");
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
}
