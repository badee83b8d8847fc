package dev.penstock.dataplane.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerWriterTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Buffer out = Buffer.buffer();

  @Test
  void refusesAnAnswerThatIsTooLargeAndStillFailsTheStream() throws IOException {
    AnswerEncoder encoder = encoder("true");
    encoder.event(new ModelEvent.BlockStarted(0, new Block.Text()), out);
    ModelEvent large = new ModelEvent.TextDelta(0, "a".repeat(AnswerWriter.MAX_ANSWER_CHARS / 2));
    encoder.event(large, out);

    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> encoder.event(large, out));

    assertThat(refused.refusal().code()).isEqualTo(Code.UPSTREAM_ERROR);
    assertThat(encoder.failure(refused.refusal(), "req_1").toString())
        .startsWith("event: error\n")
        .contains("\nevent: response.failed\n");
  }

  @Test
  void endsNoAnswerWellThatHasNotFinished() throws IOException {
    AnswerEncoder encoder = encoder("true");
    encoder.event(new ModelEvent.Started("", "", 0), out);

    assertThatThrownBy(encoder::terminal).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(encoder::whole).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void keepsWhatWasToldOfAnItemThatFails() throws IOException {
    AnswerEncoder encoder = encoder("true");
    encoder.event(new ModelEvent.Started("resp_1", "gpt", 7), out);
    encoder.event(new ModelEvent.BlockStarted(0, new Block.Text()), out);
    encoder.event(new ModelEvent.TextDelta(0, "Half"), out);

    String[] events =
        encoder.failure(Refusal.of(Code.UPSTREAM_CUT, "Cut."), "req_1").toString().split("\n\n");
    JsonNode error = data(events[0]);
    JsonNode failed = data(events[1]).path("response");

    assertThat(error.path("code").asText()).isEqualTo("upstream_cut");
    assertThat(error.path("message").asText()).isEqualTo("Cut. (request req_1)");
    assertThat(error.path("error").path("type").asText()).isEqualTo("server_error");
    assertThat(failed.path("status").asText()).isEqualTo("failed");
    assertThat(failed.path("id").asText()).isEqualTo("resp_1");
    assertThat(failed.path("output").path(0).path("status").asText()).isEqualTo("incomplete");
    assertThat(failed.path("output").path(0).path("content").path(0).path("text").asText())
        .isEqualTo("Half");
  }

  @Test
  void joinsTheHalvesOfACharacter() throws IOException {
    AnswerEncoder encoder = encoder("true");
    encoder.event(new ModelEvent.BlockStarted(0, new Block.Text()), out);
    encoder.event(new ModelEvent.TextDelta(0, "\uD83D"), out);
    encoder.event(new ModelEvent.TextDelta(0, "\uDE42"), out);
    encoder.event(new ModelEvent.BlockEnded(0), out);
    encoder.event(new ModelEvent.Finished(FinishReason.STOP, Optional.empty()), out);

    assertThat(out.toString()).contains("\"delta\":\"\\ud83d\"", "\"delta\":\"\\ude42\"");
    assertThat(encoder.terminal().toString()).contains("\"text\":\"🙂\"");
  }

  @Test
  void givesACallWithoutArgumentsOnesThatCanBeParsed() throws IOException {
    AnswerEncoder encoder = encoder("true");
    encoder.event(new ModelEvent.BlockStarted(0, new Block.ToolCall("c", "now")), out);
    encoder.event(new ModelEvent.BlockEnded(0), out);
    encoder.event(new ModelEvent.Finished(FinishReason.TOOL_CALLS, Optional.empty()), out);

    assertThat(out.toString()).contains("\"delta\":\"{}\"", "\"arguments\":\"{}\"");
  }

  @Test
  void repeatsWhatWasAskedButNotThePrompt() throws IOException {
    AnswerEncoder encoder = encoder("false");
    encoder.event(new ModelEvent.Started("", "", 0), out);
    encoder.event(new ModelEvent.Finished(FinishReason.STOP, Optional.empty()), out);

    JsonNode response = JSON.readTree(encoder.whole().getBytes());

    assertThat(out.length()).isZero();
    assertThat(response.path("model").asText()).isEqualTo("assistant");
    assertThat(response.path("created_at").asLong()).isEqualTo(60);
    assertThat(response.path("temperature").asDouble()).isEqualTo(0.3);
    assertThat(response.path("tools").path(0).path("name").asText()).isEqualTo("now");
    assertThat(response.path("reasoning").path("effort").asText()).isEqualTo("low");
    assertThat(response.path("usage").isNull()).isTrue();
    assertThat(response.toString()).doesNotContain("secret prompt");
  }

  private static JsonNode data(String event) throws IOException {
    return JSON.readTree(event.substring(event.indexOf("data: ") + "data: ".length()));
  }

  private static AnswerEncoder encoder(String stream) throws IOException {
    ModelRequest request =
        new ResponsesCodec()
            .requests()
            .decode(
                JSON.readTree(
                    """
                    {"model":"assistant","input":"secret prompt","stream":%s,"temperature":0.3,
                     "tools":[{"type":"function","name":"now"}],"reasoning":{"effort":"low"}}
                    """
                        .formatted(stream)));
    return new ResponsesCodec().toClient(request, "answer_1", Instant.ofEpochSecond(60));
  }
}
