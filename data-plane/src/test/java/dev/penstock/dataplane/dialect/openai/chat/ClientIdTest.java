package dev.penstock.dataplane.dialect.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientIdTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":\"a\",\"model\":                | \"a\"",
        "{\"model\":1,\"x\":{\"id\":2},\"id\":7,} | 7",
        "{\"id\":\"ä\\\"b\"}                     | \"ä\\\"b\"",
        "{\"id\":-12 nonsense                    | -12",
        "{\"id\":12                              | null",
        "{\"id\":\"a                             | null",
        "{\"id\":1.5}                            | null",
        "{\"id\":{\"id\":1}}                     | null",
        "{\"model\":nonsense,\"id\":1}           | null",
        "[{\"id\":1}]                            | null",
        "nonsense                                | null"
      })
  void findsTheIdWhereItCanBeRead(String message, String id) {
    assertThat(ClientId.in(Buffer.buffer(message))).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"126, true", "130, false"})
  void echoesNoIdThatIsTooLong(int length, boolean echoed) {
    String id = "\"" + "a".repeat(length) + "\"";
    assertThat(ClientId.in(Buffer.buffer("{\"id\":" + id + "}"))).isEqualTo(echoed ? id : "null");
  }
}
