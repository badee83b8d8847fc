package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.openai.ServedTier;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads the answers of chat completions, of OpenAI, Azure, Mistral and servers that are compatible.
 *
 * <p>The finish is held back until the stream says that it is over: usage comes after it, and from
 * some servers content does, too.
 */
public final class ChatAnswerReader implements AnswerDecoder {

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

  private final AnswerBlocks blocks = new AnswerBlocks();
  private boolean started;
  private boolean over;
  private String finish = "";
  private String stopSequence = "";

  @Override
  public void event(String name, byte[] bytes, int from, int to, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    if (over) {
      return;
    }
    if (Arrays.equals(bytes, from, to, DONE, 0, DONE.length)) {
      end(out);
      return;
    }
    if ("error".equals(name)) {
      fail(ProviderErrors.inStream(bytes, from, to), out);
      return;
    }
    try {
      take(ChunkParser.parse(bytes, from, to), bytes, from, to, out);
    } catch (MalformedAnswer malformed) {
      over = true; // no clean end is told of what could not be read
      throw malformed;
    }
  }

  private void take(Chunk chunk, byte[] bytes, int from, int to, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    if (chunk.error) {
      fail(ProviderErrors.inStream(bytes, from, to), out);
      return;
    }
    if (chunk.usageStart >= 0) {
      ChatUsage.read(bytes, chunk.usageStart, chunk.usageEnd)
          .ifPresent(
              tokens -> out.accept(new UsageReported(tokens, ServedTier.in(bytes, from, to, 1))));
    }
    // Azure's first chunk has no choice, and an id and a model that are not the answer's.
    if (!chunk.choice) {
      return;
    }
    if (!started) {
      started = true;
      out.accept(new Started(chunk.id, chunk.model, chunk.createdUnixSeconds));
    }
    for (Chunk.Piece piece : chunk.pieces) {
      blocks.piece(piece, out);
    }
    for (Chunk.Call call : chunk.calls) {
      blocks.call(call, chunk.id, out);
    }
    if (!chunk.finish.isEmpty()) {
      onFinish(chunk, out);
    }
  }

  private void onFinish(Chunk chunk, Consumer<ModelEvent> out) {
    finish = chunk.finish;
    stopSequence = chunk.stopSequence;
    if ("error".equals(finish) || "abort".equals(finish)) {
      String message = "The provider's model stopped before its answer was complete.";
      fail(new ProviderError(500, message, finish, Optional.empty()), out);
    }
  }

  private void fail(ProviderError error, Consumer<ModelEvent> out) {
    over = true;
    out.accept(new Failed(error));
  }

  @Override
  public void end(Consumer<ModelEvent> out) {
    if (over) {
      return;
    }
    over = true;
    if (finish.isEmpty()) {
      return; // also where [DONE] came: vLLM sends it after an error
    }
    blocks.endAll(out);
    FinishReason reason = reason();
    out.accept(
        new Finished(
            reason,
            reason == FinishReason.STOP_SEQUENCE ? Optional.of(stopSequence) : Optional.empty()));
    out.accept(new Ended());
  }

  /** Some servers say {@code stop} whatever the answer holds; an unknown word means a stop, too. */
  private FinishReason reason() {
    return switch (finish) {
      case "length" -> FinishReason.LENGTH;
      case "model_length" -> FinishReason.CONTEXT_FULL;
      case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      default -> stopped();
    };
  }

  private FinishReason stopped() {
    if (blocks.hasCalls()) {
      return FinishReason.TOOL_CALLS;
    }
    if (blocks.hasRefusal()) {
      return FinishReason.CONTENT_FILTER;
    }
    return stopSequence.isEmpty() ? FinishReason.STOP : FinishReason.STOP_SEQUENCE;
  }

  @Override
  public void whole(byte[] body, Consumer<ModelEvent> out) throws MalformedAnswer {
    Chunk chunk = ChunkParser.parse(body, 0, body.length);
    if (!chunk.error && !chunk.choice) {
      throw new MalformedAnswer("the answer has no choices");
    }
    if (!chunk.error && chunk.finish.isEmpty()) {
      chunk.finish = "stop"; // the body is whole, so the answer is, too
    }
    take(chunk, body, 0, body.length, out);
    end(out);
  }

  @Override
  public ProviderError error(int status, byte[] body) {
    return ProviderErrors.read(status, body);
  }
}
