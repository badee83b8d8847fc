package dev.penstock.dataplane.dialect.openai.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinishedResponseTest {

  private static final String EVENT =
      "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"output\":[%s]}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"message\",\"id\":\"m\",\"content\":[]} | {\"type\":\"message\",\"content\":[]}",
        "{\"id\":\"f\", \"type\":\"function_call\"} | { \"type\":\"function_call\"}",
        "{\"type\":\"function_call\" ,\"id\":\"f\"} | {\"type\":\"function_call\" }",
        "{\"type\":\"reasoning\",\"id\":\"t\",\"summary\":[]} | ''",
        "{\"type\":\"reasoning\",\"id\":\"t\",\"encrypted_content\":\"e\"} | {\"type\":\"reasoning\",\"id\":\"t\",\"encrypted_content\":\"e\"}",
        "{\"type\":\"web_search_call\",\"id\":\"w\"} | {\"type\":\"web_search_call\",\"id\":\"w\"}",
        "{\"type\":\"reasoning\"},{\"type\":\"message\"},{\"type\":\"odd\"} | {\"type\":\"message\"},{\"type\":\"odd\"}",
        "'' | ''"
      })
  void saysItsOutputAsInput(String output, String input) {
    FinishedResponse response =
        FinishedResponse.ofEvent(EVENT.formatted(output).getBytes(UTF_8)).orElseThrow();

    assertThat(response.id()).isEqualTo("r");
    assertThat(response.output()).hasToString(input);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[DONE]",
        "{\"response\":7}",
        "{\"response\":{\"output\":[]}}",
        "{\"response\":{\"id\":\"r\",\"output\":[7]}}",
        "{\"response\":{\"id\":\"r\",\"output\":[{\"type\":\"a\",\"type\":\"b\"}]}}"
      })
  void isNothingThatCouldBeGoneOnFrom(String event) {
    assertThat(FinishedResponse.ofEvent(event.getBytes(UTF_8))).isEmpty();
  }

  @Property
  void noEventStopsTheGateway(@ForAll byte[] event) {
    assertThat(FinishedResponse.ofEvent(event)).isEmpty();
  }
}
