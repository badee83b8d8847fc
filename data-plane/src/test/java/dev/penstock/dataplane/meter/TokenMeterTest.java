package dev.penstock.dataplane.meter;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.api.EncodingType;
import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.dialect.anthropic.MessagesScan;
import dev.penstock.dataplane.dialect.openai.chat.ChunkScan;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesScan;
import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.kernel.money.Tokens;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenMeterTest {

  private static final Tokenizer TOKENIZER = new Tokenizer(EncodingType.O200K_BASE, 100);

  private final TokenMeter meter = new TokenMeter();

  /** All of them write "hello world". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"delta\":{\"content\":\"hello world\"}}]}",
        "{\"choices\":[{\"delta\":{\"reasoning_content\": \"hello world\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"hello world\"},\"logprobs\":{\"content\":[{\"token\":\"a\",\"bytes\":[1],\"top_logprobs\":[]}]}}]}",
        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"hello\",\"arguments\" : \" world\"}}]},\"finish_reason\":null}]}",
        "{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hello world\"}]}]}}]}"
      })
  void takesFromAChunkWhatTheModelWrote(String chunk) {
    look(new ChunkScan(), chunk);

    assertThat(meter.writtenSinceReport(TOKENIZER)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hello world\"}}",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hello world\"}}",
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"hello world\"}}"
      })
  void takesFromAnEventOfAMessageWhatTheModelWrote(String event) {
    look(new MessagesScan(), event);

    assertThat(meter.writtenSinceReport(TOKENIZER)).isEqualTo(2);
  }

  @Test
  void takesFromAnEventOfAResponseWhatTheModelWrote() {
    look(
        new ResponsesScan(),
        "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"delta\":\"hello world\",\"logprobs\":[]}");

    assertThat(meter.writtenSinceReport(TOKENIZER)).isEqualTo(2);
  }

  @Test
  void anEventWhoseTextNobodySeesIsAToken() {
    meter.contentEvent();
    meter.contentEvent();

    assertThat(meter.writtenSinceReport(TOKENIZER)).isEqualTo(2);
    assertThat(meter.roughlyWrittenSinceReport()).isEqualTo(2);
  }

  @Test
  void aCountOfACompleteAnswerIsTheLastWord() {
    write("hello");
    meter.reported(Tokens.of(10, 7));
    write(" world");

    assertThat(meter.counted(true)).contains(new Usage(Tokens.of(10, 7), UsageSource.PROVIDER, ""));
  }

  @Test
  void whatCameAfterTheLastCountOfACutAnswerIsAdded() {
    write("hello world");
    meter.reported(Tokens.of(10, 7));
    write("hello world");

    assertThat(meter.counted(false)).isEmpty();
    assertThat(meter.writtenSinceReport(TOKENIZER)).isEqualTo(2);
  }

  @Test
  void aCountUpToTheCutIsEnough() {
    write("hello");
    meter.reported(Tokens.of(10, 7));

    assertThat(meter.counted(false))
        .contains(new Usage(Tokens.of(10, 7), UsageSource.PROVIDER, ""));
  }

  @Test
  void aCountWithoutOutputDoesNotStandForWhatWasWritten() {
    write("hello world");
    meter.reported(Tokens.of(10, 0));

    assertThat(meter.counted(true)).isEmpty();
    assertThat(meter.counted(false)).isEmpty();
    assertThat(meter.writtenSinceReport(TOKENIZER)).isEqualTo(2);
  }

  @Test
  void aCutBeforeAnythingWasWrittenCostsTheInput() {
    meter.reported(Tokens.of(10, 0));

    assertThat(meter.counted(false)).contains(new Usage(Tokens.of(10, 0), UsageSource.PARTIAL, ""));
  }

  private void write(String text) {
    meter.contentEvent();
    meter.wrote(text);
  }

  private void look(StreamScan scan, String event) {
    byte[] bytes = ("data: " + event).getBytes(StandardCharsets.UTF_8);
    scan.scan(bytes, 6, bytes.length);
    assertThat(scan.content()).isTrue();
    meter.wrote(bytes, scan.contentAt(), bytes.length);
  }
}
