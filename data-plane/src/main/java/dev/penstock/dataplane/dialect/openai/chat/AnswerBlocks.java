package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.CallIds;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.ReasoningDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Signature;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes blocks of the deltas of chat completions, which have none: a text goes on until something
 * else comes, a call until something else than a call does.
 */
final class AnswerBlocks {

  private static final int MAX_CALLS = 128;

  /** More than any model gives; an encoder may hold a whole answer. */
  private static final int MAX_CHARACTERS = 16 << 20;

  private static final int NONE = -1;

  private static final class OpenCall {
    final int block;
    final String id;
    boolean ended;

    OpenCall(int block, String id) {
      this.block = block;
      this.id = id;
    }
  }

  private final List<OpenCall> calls = new ArrayList<>();
  private final Map<Integer, OpenCall> byIndex = new HashMap<>();
  private @Nullable OpenCall last;
  private @Nullable Block open;
  private int openBlock = NONE;
  private int next;
  private int characters;
  private boolean refusal;

  boolean hasCalls() {
    return !calls.isEmpty();
  }

  boolean hasRefusal() {
    return refusal;
  }

  void piece(Chunk.Piece piece, Consumer<ModelEvent> out) throws MalformedAnswer {
    switch (piece) {
      case Chunk.Piece.Text text -> {
        // Line breaks beside a call's pieces are no text of their own.
        if (anyCallOpen() && text.text().isBlank()) {
          return;
        }
        count(text.text());
        out.accept(new TextDelta(in(new Block.Text(), out), text.text()));
      }
      case Chunk.Piece.Refusal said -> {
        count(said.text());
        refusal = true;
        out.accept(new TextDelta(in(new Block.Refusal(), out), said.text()));
      }
      case Chunk.Piece.Thought thought -> {
        count(thought.text());
        out.accept(new ReasoningDelta(in(new Block.Reasoning(), out), thought.text()));
      }
      case Chunk.Piece.Signature signature -> {
        count(signature.signature());
        out.accept(
            new Signature(
                in(new Block.Reasoning(), out), signature.signature(), Dialect.MISTRAL_CHAT));
      }
    }
  }

  /** The block of that kind that is open, or a new one. */
  private int in(Block kind, Consumer<ModelEvent> out) {
    if (kind.equals(open)) {
      return openBlock;
    }
    endAll(out);
    open = kind;
    openBlock = next++;
    out.accept(new BlockStarted(openBlock, kind));
    return openBlock;
  }

  private boolean anyCallOpen() {
    return calls.stream().anyMatch(call -> !call.ended);
  }

  private void count(String text) throws MalformedAnswer {
    characters += text.length();
    if (characters > MAX_CHARACTERS) {
      throw new MalformedAnswer("the answer has more than " + MAX_CHARACTERS + " characters");
    }
  }

  /**
   * @param answerId what an id is made of where the provider gives none
   */
  void call(Chunk.Call delta, String answerId, Consumer<ModelEvent> out) throws MalformedAnswer {
    OpenCall known = delta.index() < 0 ? last : byIndex.get(delta.index());
    OpenCall call = known == null || isAnother(known, delta) ? start(delta, answerId, out) : known;
    last = call;
    if (delta.arguments().isEmpty()) {
      return;
    }
    if (call.ended) {
      throw new MalformedAnswer("arguments of a call come after what followed it");
    }
    count(delta.arguments());
    out.accept(new ArgumentsDelta(call.block, delta.arguments()));
  }

  /**
   * Whether a delta starts a call of its own: Mistral numbers none, and some servers give all the
   * same number.
   */
  private static boolean isAnother(OpenCall known, Chunk.Call delta) {
    if (delta.name().isEmpty()) {
      return false;
    }
    return delta.id().isEmpty() ? delta.index() < 0 : !delta.id().equals(known.id);
  }

  private OpenCall start(Chunk.Call delta, String answerId, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    if (delta.name().isEmpty()) {
      throw new MalformedAnswer("a call begins without a name");
    }
    if (calls.size() == MAX_CALLS) {
      throw new MalformedAnswer("the answer has more than " + MAX_CALLS + " calls");
    }
    endText(out);
    String id = delta.id();
    OpenCall call = new OpenCall(next++, id);
    calls.add(call);
    byIndex.put(delta.index(), call);
    String told = id.isEmpty() ? "call_" + CallIds.standIn(answerId + "/" + call.block, 24) : id;
    out.accept(new BlockStarted(call.block, new Block.ToolCall(told, delta.name())));
    return call;
  }

  private void endText(Consumer<ModelEvent> out) {
    if (open != null) {
      open = null;
      out.accept(new BlockEnded(openBlock));
    }
  }

  /** Ends what is open. */
  void endAll(Consumer<ModelEvent> out) {
    endText(out);
    for (OpenCall call : calls) {
      if (!call.ended) {
        call.ended = true;
        out.accept(new BlockEnded(call.block));
      }
    }
  }
}
