package dev.penstock.providersim.play;

import dev.penstock.providersim.chat.ChatCall.Streamed;
import dev.penstock.providersim.chat.ChunkShapes;
import dev.penstock.providersim.chat.ReplyId;
import dev.penstock.providersim.chat.WholeAnswer;
import dev.penstock.providersim.invoice.Outcome;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.script.Step;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The two ways an answer travels; the same script plays through either. */
sealed interface Reply {
  String contentType();

  void text(Step.Text step, int first, int count);

  void event(Step.Event event);

  void raw(Buffer bytes);

  void finish(String reason, Step.Ending ending, Usage usage);

  /** The script is at its end. */
  void end(Usage usage);

  /** Sends each thing as it comes. */
  final class AsStream implements Reply {
    private final Wire wire;
    private final ChunkShapes shapes;
    private final boolean wantsUsage;
    private boolean spoke;
    private Step.@Nullable Text current;
    private ChunkShapes.@Nullable Content content;

    AsStream(Wire wire, ReplyId id, Streamed asked) {
      this.wire = wire;
      this.shapes = new ChunkShapes(id, asked);
      this.wantsUsage = asked.includeUsage();
    }

    @Override
    public String contentType() {
      return "text/event-stream; charset=utf-8";
    }

    @Override
    public void text(Step.Text step, int first, int count) {
      if (!spoke) {
        spoke = true;
        wire.write(shapes.role());
      }
      ChunkShapes.Content filler = content;
      if (filler == null || current != step) {
        filler = shapes.content(step);
        content = filler;
        current = step;
      }
      wire.write(filler.chunks(first, count));
    }

    @Override
    public void event(Step.Event event) {
      spoke = true;
      wire.write(shapes.event(event));
    }

    @Override
    public void raw(Buffer bytes) {
      spoke = true;
      wire.write(bytes);
    }

    @Override
    public void finish(String reason, Step.Ending ending, Usage usage) {
      wire.write(shapes.finish(reason));
      if (wantsUsage && ending.sendsUsage()) {
        wire.write(shapes.usage(usage));
      }
      if (ending.sendsDone()) {
        wire.write(shapes.done());
      }
    }

    @Override
    public void end(Usage usage) {
      wire.end();
    }
  }

  /** Gathers everything into one document, unless the script writes the body itself. */
  final class AsDocument implements Reply {
    private final Wire wire;
    private final WholeAnswer answer;
    private String finishReason = "stop";
    private boolean raw;

    AsDocument(Wire wire, ReplyId id) {
      this.wire = wire;
      this.answer = new WholeAnswer(id);
    }

    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public void text(Step.Text step, int first, int count) {
      answer.add(step, first, count);
    }

    @Override
    public void event(Step.Event event) {
      answer.add(event);
    }

    @Override
    public void raw(Buffer bytes) {
      raw = true;
      wire.write(bytes);
    }

    @Override
    public void finish(String reason, Step.Ending ending, Usage usage) {
      finishReason = reason;
    }

    @Override
    public void end(Usage usage) {
      if (raw) {
        wire.end();
        return;
      }
      wire.answer(answer.json(finishReason, usage), Outcome.COMPLETE);
    }
  }
}
