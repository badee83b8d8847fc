package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link AnthropicJavaTest} does not see, as its SDK is lenient. */
class AnswerWriterTest {

  private static final Pattern INDEX = Pattern.compile("\"index\":(\\d+)");

  private final AnswerEncoder stream = new StreamWriter("msg_ours", "m");
  private final AnswerEncoder whole = new WholeWriter("msg_ours", "m");
  private final Buffer out = Buffer.buffer();

  @BeforeEach
  void start() {
    stream.event(new Started("msg_1", "m", 0), out);
    whole.event(new Started("msg_1", "m", 0), Buffer.buffer());
  }

  @Test
  void blocksNeverOverlapAndAreNumberedWithoutGaps() {
    stream.event(new BlockStarted(0, new Block.ToolCall("a", "f")), out);
    stream.event(new BlockStarted(1, new Block.ToolCall("b", "f")), out);
    stream.event(new ArgumentsDelta(1, "{}"), out);
    stream.event(new ArgumentsDelta(0, "{}"), out);
    stream.event(new Finished(FinishReason.TOOL_CALLS, Optional.empty()), out);

    List<String> indexes =
        INDEX.matcher(out.toString()).results().map(match -> match.group(1)).toList();
    assertThat(indexes).containsExactly("0", "0", "0", "0", "1", "1", "1", "1");
    assertThat(out.toString().split("event: content_block_stop", -1)).hasSize(3);
  }

  @Test
  void nothingIsSaidBeforeThereIsSomethingToSay() {
    assertThat(out.length()).isZero();
    assertThat(stream.keepAlive()).hasToString("event: ping\ndata: {\"type\":\"ping\"}\n\n");
  }

  @Test
  void halfACharacterIsNoFault() {
    stream.event(new BlockStarted(0, new Block.Text()), out);
    stream.event(new TextDelta(0, "a\ud83d"), out);
    stream.event(new TextDelta(0, "\ude42\u0001\"\\"), out);

    assertThat(out.toString())
        .contains("\"text\":\"a\\ud83d\"")
        .contains("\"text\":\"\\ude42\\u0001\\\"\\\\\"");
  }

  @Test
  void callsThatWaitHaveALimit() {
    String half = "x".repeat(BlockLine.MAX_WAITING / 2);
    stream.event(new BlockStarted(0, new Block.ToolCall("a", "f")), out);
    stream.event(new BlockStarted(1, new Block.ToolCall("b", "f")), out);
    stream.event(new ArgumentsDelta(1, half), out);
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class, () -> stream.event(new ArgumentsDelta(1, half), out));

    assertThat(refused.refusal().code()).isEqualTo(Code.UPSTREAM_ERROR);
  }

  @Test
  void whatHasLeftTheLineNoLongerCounts() {
    String half = "x".repeat(BlockLine.MAX_WAITING / 2);
    for (int i = 0; i < 6; i += 2) {
      stream.event(new BlockStarted(i, new Block.ToolCall("a", "f")), out);
      stream.event(new BlockStarted(i + 1, new Block.ToolCall("b", "f")), out);
      stream.event(new ArgumentsDelta(i + 1, half), out);
      stream.event(new BlockEnded(i), out);
      stream.event(new BlockEnded(i + 1), out);
    }

    assertThat(out.length()).isGreaterThan(BlockLine.MAX_WAITING);
  }

  @Test
  void wholeAnswersHaveALimit() {
    String piece = "x".repeat(1 << 20);
    whole.event(new BlockStarted(0, new Block.Text()), out);
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> {
              for (int i = 0; i <= WholeWriter.MAX_LENGTH >> 20; i++) {
                whole.event(new TextDelta(0, piece), out);
              }
            });

    assertThat(refused.refusal().code()).isEqualTo(Code.UPSTREAM_ERROR);
  }

  @Test
  void aWholeAnswerLeavesOutACallThatTheLimitHasCut() {
    whole.event(new BlockStarted(0, new Block.ToolCall("a", "f")), out);
    whole.event(new ArgumentsDelta(0, "{\"city\":\"Os"), out);
    whole.event(new BlockEnded(0), out);
    whole.event(new Finished(FinishReason.LENGTH, Optional.empty()), out);

    assertThat(whole.whole().toJsonObject().getJsonArray("content")).isEmpty();
    assertThat(out.length()).isZero();
  }

  @Test
  void aWholeAnswerWithArgumentsThatAreNoObjectIsRefused() {
    whole.event(new BlockStarted(0, new Block.ToolCall("a", "f")), out);
    whole.event(new ArgumentsDelta(0, "[]"), out);
    whole.event(new BlockEnded(0), out);
    whole.event(new Finished(FinishReason.TOOL_CALLS, Optional.empty()), out);

    assertThat(catchThrowableOfType(RefusedException.class, whole::whole).refusal().code())
        .isEqualTo(Code.UPSTREAM_ERROR);
  }

  @Test
  void tellsWhatTheCacheKeepsForAnHour() {
    assertThat(Frames.usage(new Tokens(100, 20, 10, 30, 0, 9, 4, 0)))
        .isEqualTo(
            "{\"input_tokens\":40,\"cache_creation_input_tokens\":40,\"cache_read_input_tokens\":20,\"output_tokens\":9,\"cache_creation\":{\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":30},\"output_tokens_details\":{\"thinking_tokens\":4}}");
  }

  @ParameterizedTest
  @EnumSource(FinishReason.class)
  void everyReasonComesBackAsItWent(FinishReason reason) {
    assertThat(StopReasons.read(StopReasons.word(reason, true))).isEqualTo(reason);
  }

  @Test
  void aStopSequenceWithoutItsValueIsTheEndOfATurn() {
    assertThat(StopReasons.word(FinishReason.STOP_SEQUENCE, false)).isEqualTo("end_turn");
    assertThat(StopReasons.read("later_reason")).isEqualTo(FinishReason.STOP);
  }
}
