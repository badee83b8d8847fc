package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.KeepAlive;
import dev.penstock.dataplane.dialect.ModelEvent.ReasoningDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Signature;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream. The message starts with the first thing that is said, so that it can tell the
 * input's tokens where the provider counts them at once; before that there are pings at most.
 */
final class StreamWriter implements AnswerEncoder {

  private final String answerId;
  private final String modelAsked;
  private final BlockLine line = new BlockLine();
  private final Explanation explanation = new Explanation();
  private @Nullable Started started;
  private boolean startWritten;
  private Tokens usage = Tokens.NONE;
  private @Nullable Finished finished;

  StreamWriter(String answerId, String modelAsked) {
    this.answerId = answerId;
    this.modelAsked = modelAsked;
  }

  @Override
  public void event(ModelEvent event, Buffer out) {
    switch (event) {
      case Started start -> started = start;
      case UsageReported report -> usage = report.tokens();
      case KeepAlive _ -> Frames.ping(out);
      case BlockStarted block -> {
        writeStart(out);
        explanation.start(block);
        line.start(block, out);
      }
      case TextDelta delta -> {
        explanation.add(delta);
        line.text(delta, out);
      }
      case ReasoningDelta delta -> line.thinking(delta, out);
      case Signature signature -> line.signature(signature, out);
      case ArgumentsDelta delta -> line.arguments(delta, out);
      case BlockEnded block -> line.end(block, out);
      case Finished end -> {
        writeStart(out);
        line.endAll(out);
        finished = end;
      }
      case Failed _, Ended _ -> {} // the terminal part tells it
    }
  }

  private void writeStart(Buffer out) {
    if (startWritten) {
      return;
    }
    startWritten = true;
    String id = started == null ? "" : started.id();
    String model = started == null ? "" : started.model();
    Frames.messageStart(
        out, id.isEmpty() ? answerId : id, model.isEmpty() ? modelAsked : model, usage);
  }

  @Override
  public Buffer terminal() {
    Finished end = finished;
    if (end == null) {
      throw new IllegalStateException("the stream has not finished");
    }
    Buffer out = Buffer.buffer();
    Frames.messageDelta(out, Stop.of(end, explanation.text()), usage);
    Frames.messageStop(out);
    return out;
  }

  @Override
  public Buffer failure(Refusal refusal, String requestId) {
    return new MessagesErrors().events(refusal, requestId);
  }

  @Override
  public Buffer keepAlive() {
    Buffer out = Buffer.buffer();
    Frames.ping(out);
    return out;
  }

  @Override
  public Buffer whole() {
    throw new IllegalStateException("the request asks for a stream");
  }

  /** What a model says when it refuses, for those who look for it beside the reason. */
  static final class Explanation {

    private static final int MAX_LENGTH = 4096;

    private final StringBuilder text = new StringBuilder();
    private int refusal = -1;

    void start(BlockStarted block) {
      if (block.content() instanceof Block.Refusal) {
        refusal = block.block();
      }
    }

    void add(TextDelta delta) {
      if (delta.block() == refusal && text.length() + delta.text().length() <= MAX_LENGTH) {
        text.append(delta.text());
      }
    }

    String text() {
      return text.toString();
    }
  }
}
