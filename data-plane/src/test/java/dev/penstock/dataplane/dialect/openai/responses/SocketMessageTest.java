package dev.penstock.dataplane.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketMessageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"response.create\",\"stream_id\":\"a\",\"generate\":false} | {\"stream\":true}",
        "{\"stream\":false, \"model\" : \"m\" ,\"input\":\"\\u00e4\"} | {\"stream\":true,\"model\" : \"m\",\"input\":\"\\u00e4\"}",
        "{\"previous_response_id\":\"r\",\"odd\":{\"a\":[1, 2]}} | {\"stream\":true,\"odd\":{\"a\":[1, 2]},\"previous_response_id\":\"r\"}",
        "{\"previous_response_id\":null,\"input\":[ ]} | {\"stream\":true,\"input\":[ ]}",
        "{\"input\":7} | {\"stream\":true,\"input\":7}"
      })
  void leavesOutWhatOnlyTheConnectionNeeds(String message, String body) {
    assertThat(read(message).body()).hasToString(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"x\" | [{\"old\":1},{\"type\":\"message\",\"role\":\"user\",\"content\":\"x\"}]",
        "[{\"new\":1}, {\"new\":2}] | [{\"old\":1},{\"new\":1}, {\"new\":2}]",
        "[ ] | [{\"old\":1}]"
      })
  void putsTheConversationInFrontOfTheInput(String input, String all) {
    SocketMessage message = read("{\"previous_response_id\":\"r\",\"input\":" + input + "}");

    assertThat(message.bodyAfter(Buffer.buffer("{\"old\":1}")))
        .hasToString("{\"stream\":true,\"input\":" + all + "}");
  }

  @Test
  void putsTheConversationInThePlaceOfNoInput() {
    assertThat(read("{\"previous_response_id\":\"r\"}").bodyAfter(Buffer.buffer("{\"old\":1}")))
        .hasToString("{\"stream\":true,\"input\":[{\"old\":1}]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"conversation\":\"c\"}", "{\"prompt\":{\"id\":\"p\"}}"})
  void knowsOfContextThatIsElsewhere(String message) {
    assertThat(read(message).hasContextElsewhere()).isTrue();
    assertThat(read("{\"conversation\":null}").hasContextElsewhere()).isFalse();
  }

  @Test
  void showsNothingOfThePrompt() {
    assertThat(read("{\"input\":\"secret\"}")).hasToString("SocketMessage[18 bytes]");
  }

  private static SocketMessage read(String message) {
    return SocketMessage.read(Buffer.buffer(message));
  }
}
