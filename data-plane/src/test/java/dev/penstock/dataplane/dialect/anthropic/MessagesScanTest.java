package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.money.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesScanTest {

  /** Length of {@code data: }, so that offsets are not those of the array. */
  private static final int PREFIX = 6;

  private static final String START =
      "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":5,\"cache_creation_input_tokens\":100,\"cache_read_input_tokens\":2000,\"cache_creation\":{\"ephemeral_5m_input_tokens\":100},\"output_tokens\":8}}}";

  private final MessagesScan scan = new MessagesScan();
  private byte[] bytes = new byte[0];

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}",
        "{ \"delta\" : { \"text\" : \"\\\"\" , \"type\" : \"text_delta\" } , \"type\" : \"content_block_delta\" }",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\"}}",
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"now\",\"input\":{}}}",
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"Em\"}}"
      })
  void seesContent(String event) {
    scan(event);

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.content()).isTrue();
    assertThat(scan.error()).isFalse();
    assertThat(scan.terminal()).isFalse();
    assertThat(scan.usage()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        START,
        "{\"type\":\"ping\"}",
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\"}}",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"Eq\"}}",
        "{\"type\":\"content_block_stop\",\"index\":0}",
        "{\"type\":\"later_kind\",\"a\":{\"b\":{\"text\":\"x\"}}}"
      })
  void seesNoContentWhereThereIsNone(String event) {
    scan(event);

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.content()).isFalse();
    assertThat(scan.error()).isFalse();
  }

  @Test
  void countsTheInputAtTheStartAndThePlaceholderNever() {
    scan(START);

    assertThat(tokens(null)).contains(new Tokens(2105, 2000, 100, 0, 0));
  }

  @Test
  void keepsWhatALaterCountLeavesOut() {
    scan(
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":30,\"output_tokens_details\":{\"thinking_tokens\":22}}}");

    assertThat(scan.finish()).isFalse();
    assertThat(tokens(new Tokens(2105, 2000, 100, 0, 0)))
        .contains(new Tokens(2105, 2000, 100, 30, 22));
  }

  @Test
  void aLaterCountReplacesAnEarlierOne() {
    scan(
        "{\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"input_tokens\":9,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":null,\"output_tokens\":4}}");

    assertThat(tokens(new Tokens(2105, 2000, 100, 3, 0))).contains(new Tokens(2009, 2000, 0, 4, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input_tokens\":-1,\"output_tokens\":2}",
        "{\"input_tokens\":1.5,\"output_tokens\":2}",
        "{\"input_tokens\":\"9\",\"output_tokens\":2}",
        "{\"input_tokens\":9,\"output_tokens\":100000001}",
        "{\"input_tokens\":99999999999999999999,\"output_tokens\":2}",
        "{\"input_tokens\":9,\"output_tokens\":2,\"output_tokens_details\":{\"thinking_tokens\":3}}",
        "{\"output_tokens\":2}"
      })
  void believesNoImpossibleCount(String usage) {
    scan("{\"type\":\"message_delta\",\"delta\":{},\"usage\":" + usage + "}");

    assertThat(scan.usage()).isTrue();
    assertThat(tokens(null)).isEmpty();
  }

  @Test
  void onlyMessageStopIsTheEnd() {
    scan("{\"type\":\"message_stop\"}");
    assertThat(scan.terminal()).isTrue();

    scan("{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}");
    assertThat(scan.terminal()).isFalse();
  }

  @Test
  void seesAnError() {
    scan(
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");

    assertThat(scan.error()).isTrue();
    assertThat(scan.terminal()).isFalse();
  }

  @Test
  void isNotFooledByWhatAModelSays() {
    scan(
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\\"type\\\":\\\"message_stop\\\"}, \\\"usage\\\":{\\\"input_tokens\\\":1}, \\\"error\\\":{}}\"}}");

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.terminal()).isFalse();
    assertThat(scan.usage()).isFalse();
    assertThat(scan.error()).isFalse();
  }

  @Test
  void readsAWholeMessage() {
    bytes =
        "{\"id\":\"msg_1\",\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":9,\"output_tokens\":2}}"
            .getBytes(StandardCharsets.UTF_8);
    scan.scanWhole(bytes, 0, bytes.length);

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.error()).isFalse();
    assertThat(tokens(null)).contains(Tokens.of(9, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[]",
        "{\"a\":1}}",
        "{\"a\":\"",
        "{}{}",
        "null",
        "{\"a\":\"\\",
        "[DONE]",
        "{\"type\":\"",
        "{\"usage\":{"
      })
  void refusesWhatIsNotWhole(String event) {
    scan(event);

    assertThat(scan.wellFormed()).isFalse();
  }

  private Optional<Tokens> tokens(@Nullable Tokens before) {
    return scan.tokens(bytes, before);
  }

  private void scan(String event) {
    bytes = ("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8);
    scan.scan(bytes, PREFIX, bytes.length - 2);
  }
}
