package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.ReasoningDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Signature;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Puts blocks one after another, as clients of this dialect expect them: of calls that a provider
 * writes side by side, the first is sent on as it comes, the others wait until it ends.
 */
final class BlockLine {

  /** How much of calls may wait, in characters; a provider that sends more is not well. */
  static final int MAX_WAITING = 4 << 20;

  /** What a call without any arguments counts for. */
  private static final int WAITING_CALL = 256;

  /** A call whose turn has not come; its number is the provider's. */
  private static final class Waiting {
    final int number;
    final Block content;
    final StringBuilder arguments = new StringBuilder();
    boolean ended;

    Waiting(int number, Block content) {
      this.number = number;
      this.content = content;
    }
  }

  private static final int NONE = -1;

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int waitingSize;
  private int current = NONE;
  private int index = NONE; // of the block that was started last, in what the client sees

  void start(BlockStarted event, Buffer out) {
    if (current == NONE) {
      open(event.block(), event.content(), out);
    } else {
      waiting.add(new Waiting(event.block(), event.content()));
      grow(WAITING_CALL);
    }
  }

  private void open(int number, Block content, Buffer out) {
    current = number;
    index++;
    Frames.blockStart(out, index, content);
    if (content instanceof Block.ToolCall) {
      Frames.jsonDelta(out, index, ""); // accumulating SDKs fail on a call without any
    }
  }

  void text(TextDelta delta, Buffer out) {
    if (delta.block() == current) {
      Frames.textDelta(out, index, delta.text());
    }
  }

  void thinking(ReasoningDelta delta, Buffer out) {
    if (delta.block() == current) {
      Frames.thinkingDelta(out, index, delta.text());
    }
  }

  void signature(Signature signature, Buffer out) {
    if (signature.block() == current) {
      Frames.signatureDelta(out, index, signature);
    }
  }

  void arguments(ArgumentsDelta delta, Buffer out) {
    if (delta.block() == current) {
      Frames.jsonDelta(out, index, delta.json());
      return;
    }
    Waiting call = find(delta.block());
    if (call != null) {
      grow(delta.json().length());
      call.arguments.append(delta.json());
    }
  }

  private @Nullable Waiting find(int number) {
    for (Waiting call : waiting) {
      if (call.number == number) {
        return call;
      }
    }
    return null;
  }

  private void grow(int characters) {
    waitingSize += characters;
    if (waitingSize > MAX_WAITING) {
      throw Refusal.of(
              Code.UPSTREAM_ERROR, "The provider writes too many large tool calls side by side.")
          .toException();
    }
  }

  void end(BlockEnded event, Buffer out) {
    if (event.block() != current) {
      Waiting call = find(event.block());
      if (call != null) {
        call.ended = true;
      }
      return;
    }
    stop(out);
    while (current == NONE && !waiting.isEmpty()) {
      next(out);
    }
  }

  private void stop(Buffer out) {
    Frames.blockStop(out, index);
    current = NONE;
  }

  private void next(Buffer out) {
    Waiting call = waiting.remove();
    waitingSize -= WAITING_CALL + call.arguments.length();
    open(call.number, call.content, out);
    if (!call.arguments.isEmpty()) {
      Frames.jsonDelta(out, index, call.arguments.toString());
    }
    if (call.ended) {
      stop(out);
    }
  }

  /** All blocks end, those that wait among them. */
  void endAll(Buffer out) {
    while (current != NONE) {
      end(new ModelEvent.BlockEnded(current), out);
    }
  }
}
