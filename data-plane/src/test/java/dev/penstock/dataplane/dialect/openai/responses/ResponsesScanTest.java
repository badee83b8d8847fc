package dev.penstock.dataplane.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.money.Tokens;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesScanTest {

  private static final String PADDING = "data: ";
  private static final String USAGE =
      "{\"input_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":4},\"output_tokens\":3,"
          + "\"output_tokens_details\":{\"reasoning_tokens\":1},\"total_tokens\":12}";

  private final ResponsesScan scan = new ResponsesScan();
  private byte[] bytes = new byte[0];

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}",
        "{ \"delta\" : \"\\\"\" , \"type\" : \"response.reasoning_summary_text.delta\" }",
        "{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\"}",
        "{\"type\":\"response.refusal.delta\",\"delta\":\"no\"}"
      })
  void seesContent(String event) {
    scan(event);

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.content()).isTrue();
    assertThat(scan.terminal()).isFalse();
    assertThat(scan.error()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"response.output_text.delta\",\"delta\":\"\"}",
        "{\"type\":\"response.output_text.done\",\"text\":\"Hi\"}",
        "{\"type\":\"response.created\",\"response\":{\"output\":[{\"delta\":\"x\"}]}}",
        "{\"item\":{\"type\":\"response.output_text.delta\",\"delta\":\"x\"}}",
        "[DONE]"
      })
  void seesNoContentWhereThereIsNone(String event) {
    scan(event);

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.content()).isFalse();
    assertThat(scan.terminal()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"response.completed", "response.incomplete"})
  void findsTheEndAndItsUsage(String type) {
    scan(
        "{\"response\":{\"output\":[{\"usage\":{\"input_tokens\":1}}],\"usage\":%s,\"x\":{}},\"type\":\"%s\"}"
            .formatted(USAGE, type));

    assertThat(scan.terminal()).isTrue();
    assertThat(scan.finish()).isTrue();
    assertThat(scan.usage()).isTrue();
    assertThat(scan.tokens(bytes, null)).contains(new Tokens(9, 4, 0, 3, 1));
    assertThat(scan.usageOnly()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"response.completed\",\"usage\":{\"input_tokens\":1}}",
        "{\"type\":\"response.completed\",\"response\":{\"usage\":null}}",
        "{\"type\":\"response.completed\",\"x\":{\"usage\":{}},\"response\":{}}",
        "{\"type\":\"response.completed\",\"response\":{},\"x\":{\"usage\":{}}}"
      })
  void takesNothingElseForUsage(String event) {
    scan(event);

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.usage()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"error\",\"error\":{\"message\":\"overloaded\"}}",
        "{\"type\":\"error\",\"message\":\"overloaded\"}",
        "{\"type\":\"response.failed\",\"response\":{\"error\":{}}}"
      })
  void seesAnError(String event) {
    scan(event);

    assertThat(scan.error()).isTrue();
    assertThat(scan.terminal()).isFalse();
  }

  @Test
  void isNotFooledByWhatAModelSays() {
    scan(
        "{\"type\":\"response.output_text.delta\",\"delta\":\"\\\"type\\\":\\\"response.completed\\\",\\\"response\\\":{\\\"usage\\\":{}}}\"}");

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.terminal()).isFalse();
    assertThat(scan.usage()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "[]",
        "{\"type\":1}}",
        "{\"type\":\"",
        "{}{}",
        "null",
        "{\"a\":\"\\",
        "[DONE"
      })
  void refusesWhatIsNotWhole(String event) {
    scan(event);

    assertThat(scan.wellFormed()).isFalse();
  }

  @Test
  void readsAWholeResponse() {
    wholeScan("{\"error\":null,\"output\":[{\"usage\":{}}],\"usage\":%s}".formatted(USAGE));

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.error()).isFalse();
    assertThat(scan.tokens(bytes, null)).contains(new Tokens(9, 4, 0, 3, 1));

    wholeScan("{\"error\":{\"message\":\"no\"}}");

    assertThat(scan.error()).isTrue();
    assertThat(scan.usage()).isFalse();
  }

  private void scan(String event) {
    bytes = (PADDING + event + "\n\n").getBytes(StandardCharsets.UTF_8);
    scan.scan(bytes, PADDING.length(), bytes.length - 2);
  }

  private void wholeScan(String body) {
    bytes = body.getBytes(StandardCharsets.UTF_8);
    scan.scanWhole(bytes, 0, bytes.length);
  }
}
