package dev.penstock.dataplane.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.dialect.ProviderError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {

  private static final String COMPLETED =
      "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"status\":\"completed\"}}";

  private final AnswerDecoder decoder = new ResponsesCodec().fromProvider();
  private final List<ModelEvent> events = new ArrayList<>();

  @Test
  void takesSoManyPartsAndNoMore() throws MalformedAnswer {
    for (int part = 0; part < OpenBlocks.MAX_BLOCKS; part++) {
      event(delta(part));
    }

    assertThatThrownBy(() -> event(delta(OpenBlocks.MAX_BLOCKS)))
        .isInstanceOf(MalformedAnswer.class)
        .hasMessageContaining("1024");
  }

  private static String delta(int part) {
    return "{\"type\":\"response.output_text.delta\",\"output_index\":%d,\"delta\":\"x\"}"
        .formatted(part);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":4,\"delta\":\"{\"}",
        "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"name\":\"f\"}}",
        "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"call_id\":\"c\"}}",
        "{\"type\":\"response.output_text.delta\",\"delta\":\"x\"",
        "{\"type\":\"response.output_text.delta\",\"delta\":\"x\"} {}",
        "[]",
        "nothing"
      })
  void refusesWhatTheDialectDoesNotAllow(String event) {
    assertThatThrownBy(() -> event(event)).isInstanceOf(MalformedAnswer.class);
  }

  @Test
  void takesNoReasoningInThePlaceOfACall() throws MalformedAnswer {
    event(
        "{\"type\":\"response.output_item.added\",\"output_index\":0,\"item\":{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}}");

    assertThatThrownBy(() ->
            event(
                "{\"type\":\"response.output_item.done\",\"output_index\":0,\"item\":{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"x\"}}"))
        .isInstanceOf(MalformedAnswer.class);
  }

  @Test
  void takesNoDeltaForAPartThatHasEnded() throws MalformedAnswer {
    event(delta(0));
    event(delta(1));

    assertThatThrownBy(() -> event(delta(0))).isInstanceOf(MalformedAnswer.class);
  }

  @Test
  void tellsWhatStandsOnlyInTheTerminalEvent() throws MalformedAnswer {
    event(
        """
        {"type":"response.completed","response":{"id":"r","model":"m","output":[
          {"type":"message","content":[{"type":"output_text","text":"Hi"}]},
          {"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}}
        """);

    assertThat(events).contains(new TextDelta(0, "Hi"), new ArgumentsDelta(1, "{}"));
    assertThat(events).endsWith(new Ended());
  }

  @Test
  void listensToNothingAfterTheEnd() throws MalformedAnswer {
    event(COMPLETED);
    int told = events.size();

    event(COMPLETED);
    event(delta(0));
    event("{\"type\":\"error\",\"message\":\"late\"}");
    decoder.end(events::add);

    assertThat(events).hasSize(told);
  }

  @Test
  void takesAnotherDialectsMarkForNoEnd() throws MalformedAnswer {
    event(delta(0));
    event("[DONE]");
    decoder.end(events::add);

    assertThat(events).doesNotContain(new Ended());
  }

  @ParameterizedTest
  @ValueSource(strings = {"in_progress", "queued"})
  void takesNoWholeAnswerThatIsNotFinished(String status) {
    assertThatThrownBy(() -> whole("{\"status\":\"%s\",\"output\":[]}".formatted(status)))
        .isInstanceOf(MalformedAnswer.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "cancelled"})
  void failsWithAWholeAnswerThatFailed(String status) throws MalformedAnswer {
    whole(
        "{\"status\":\"%s\",\"error\":{\"code\":\"server_error\",\"message\":\"Broke.\"}}"
            .formatted(status));

    assertThat(events)
        .containsExactly(
            new Failed(new ProviderError(500, "Broke.", "server_error", Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource({
    "rate_limit_exceeded, server_error, 429",
    "insufficient_quota, server_error, 429",
    "server_is_overloaded, server_error, 503",
    "slow_down, server_error, 503",
    "context_length_exceeded, server_error, 400",
    "invalid_image, server_error, 400",
    "other, invalid_request_error, 400",
    "other, server_error, 500"
  })
  void givesAnErrorInMidStreamTheStatusThatItsWordsSay(String code, String type, int status)
      throws MalformedAnswer {
    event(
        "{\"error\":{\"type\":\"%s\",\"code\":\"%s\",\"message\":\"No.\",\"param\":\"p\"},\"type\":\"error\"}"
            .formatted(type, code));

    assertThat(events)
        .containsExactly(new Failed(new ProviderError(status, "No.", code, Optional.of("p"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"error\":{\"message\":\"No.\",\"code\":400,\"type\":\"BadRequestError\"}} | No. | 400",
        "{\"object\":\"error\",\"message\":\"No.\",\"code\":400}                      | No. | 400",
        "{\"error\":{\"message\":\"No.\",\"type\":\"invalid_request_error\",\"code\":null}} | No. | invalid_request_error"
      })
  void readsTheErrorsOfCompatibleServers(String body, String message, String code) {
    ProviderError error = decoder.error(422, body.getBytes(StandardCharsets.UTF_8));

    assertThat(error).isEqualTo(new ProviderError(422, message, code, Optional.empty()));
  }

  @Test
  void cutsALongMessage() {
    String body = "{\"error\":{\"message\":\"%s\"}}".formatted("a".repeat(5_000));

    ProviderError error = decoder.error(400, body.getBytes(StandardCharsets.UTF_8));

    assertThat(error.message()).hasSize(2_000);
    assertThat(error.toString()).doesNotContain("aaa");
  }

  private void event(String data) throws MalformedAnswer {
    byte[] bytes = ("data: " + data).getBytes(StandardCharsets.UTF_8);
    decoder.event("", bytes, "data: ".length(), bytes.length, events::add);
  }

  private void whole(String body) throws MalformedAnswer {
    decoder.whole(body.getBytes(StandardCharsets.UTF_8), events::add);
  }
}
