package dev.penstock.dataplane.dialect.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestTest {

  private static final String MESSAGES =
      "\"messages\":[{\"role\":\"user\",\"content\":\"hé \\\"x\\\"\"}]";

  @Test
  void changesNothingButTheModelOfAnUnstreamedRequest() {
    String body = "{ \"model\" : \"assistant\", %s, \"x_unknown\": 1.0e2 }".formatted(MESSAGES);

    assertThat(forProvider(body))
        .isEqualTo(
            "{ \"model\" : \"up\\\"stream\", %s, \"x_unknown\": 1.0e2 }".formatted(MESSAGES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"stream\":true                                                              | \"stream\":true,\"stream_options\":{\"include_usage\":true}",
        "\"stream\":true,\"stream_options\":null                                      | \"stream\":true,\"stream_options\":{\"include_usage\":true}",
        "\"stream_options\":{ },\"stream\":true                                       | \"stream_options\":{\"include_usage\":true},\"stream\":true",
        "\"stream\":true,\"stream_options\":{\"include_usage\":false}                 | \"stream\":true,\"stream_options\":{\"include_usage\":true}",
        "\"stream\":true,\"stream_options\":{\"include_usage\":true}                  | \"stream\":true,\"stream_options\":{\"include_usage\":true}",
        "\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}           | \"stream\":true,\"stream_options\":{\"include_obfuscation\":false,\"include_usage\":true}"
      })
  void asksForUsageOfAStream(String given, String expected) {
    String frame = "{\"model\":\"m\",%s,%s}";

    assertThat(forProvider(frame.formatted(MESSAGES, given)))
        .isEqualTo("{\"model\":\"up\\\"stream\",%s,%s}".formatted(MESSAGES, expected));
  }

  @Test
  void knowsWhetherTheClientWantsUsage() {
    assertThat(read("\"stream\":true").usageAsked()).isFalse();
    assertThat(read("\"stream\":true,\"stream_options\":{\"include_usage\":true}").usageAsked())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":\"a\",\"model\":\"m\",MESSAGES}                    | \"a\" | {\"model\":\"up\\\"stream\",MESSAGES,\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"model\":\"m\",\"id\": 7 ,MESSAGES,\"stream\":false}     | 7     | {\"model\":\"up\\\"stream\",MESSAGES,\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"model\":\"m\",MESSAGES, \"id\":\"z\" }                  | \"z\" | {\"model\":\"up\\\"stream\",MESSAGES ,\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "{\"model\":\"m\",MESSAGES}                                 | null  | {\"model\":\"up\\\"stream\",MESSAGES,\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
      })
  void takesTheClientsIdOutOfAMessage(String message, String id, String expected) {
    ChatRequest request =
        ChatRequest.readMessage(Buffer.buffer(message.replace("MESSAGES", MESSAGES)));

    assertThat(request.clientId()).isEqualTo(id);
    assertThat(request.forProvider("up\"stream").toString())
        .isEqualTo(expected.replace("MESSAGES", MESSAGES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"messages\":[{\"role\":\"user\"}]}                              | model",
        "{\"model\":\"m\"}                                                 | messages",
        "{\"model\":\"m\",\"messages\":[]}                                 | messages",
        "{\"model\":\"m\",\"messages\":[1]}                                | messages[0]",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"},{}]}           | messages[1].role",
        "{\"model\":7,\"messages\":[{\"role\":\"user\"}]}                  | model",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"stream\":1} | stream",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"n\":0}      | n",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"n\":129}    | n",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"max_tokens\":-1}   | max_tokens",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"max_tokens\":1e3}  | max_tokens",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"max_tokens\":99999999999999999999} | max_tokens",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}],\"stream_options\":{}} | stream_options"
      })
  void namesTheFieldThatIsWrong(String body, String param) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> ChatRequest.read(Buffer.buffer(body)));

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(refused.refusal().param()).contains(param);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{\"model\":\"m\"",
        "{\"model\":\"SECRET\",\"model\":\"m\"}",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"SECRET\" x}]}",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]} SECRET",
        "{\"model\":\"m\\u0000"
      })
  void refusesWhatIsNotJsonWithoutQuotingIt(String body) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> ChatRequest.read(Buffer.buffer(body)));

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(refused.refusal().message()).isNotBlank().doesNotContain("SECRET");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\u0000b", "a\\ud800b", "\\udc00", "a\\u001b[31m", "a\\r\\nb"})
  void refusesModelNamesThatNoRecordCanHold(String model) {
    String body = "{\"model\":\"%s\",%s}".formatted(model, MESSAGES);
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> ChatRequest.read(Buffer.buffer(body)));

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(refused.refusal().param()).contains("model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "BOM"})
  void takesNothingButUtf8(String encoding) {
    String body = "{\"model\":\"m\",%s}".formatted(MESSAGES);
    byte[] bytes =
        "BOM".equals(encoding)
            ? ("\uFEFF" + body).getBytes(StandardCharsets.UTF_8)
            : body.getBytes(Charset.forName(encoding));
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> ChatRequest.read(Buffer.buffer(bytes)));

    assertThat(refused.refusal().message()).contains("UTF-8");
  }

  @Test
  void refusesBottomlessNesting() {
    String deep = "{\"model\":\"m\",\"x\":" + "[".repeat(100_000);
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> ChatRequest.read(Buffer.buffer(deep)));

    assertThat(refused.refusal().message()).contains("nested");
  }

  private static ChatRequest read(String rest) {
    return ChatRequest.read(Buffer.buffer("{\"model\":\"m\",%s,%s}".formatted(MESSAGES, rest)));
  }

  private static String forProvider(String body) {
    return ChatRequest.read(Buffer.buffer(body)).forProvider("up\"stream").toString();
  }
}
