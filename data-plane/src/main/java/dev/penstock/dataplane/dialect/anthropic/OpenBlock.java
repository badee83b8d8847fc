package dev.penstock.dataplane.dialect.anthropic;

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
import java.util.function.Consumer;

/**
 * The block of a provider's answer that is being written; Anthropic writes one after another. A
 * server that forgets to end one ends it by starting the next. Blocks that no other dialect could
 * tell, such as those of tools that the provider runs itself, are passed over.
 */
final class OpenBlock {

  /** No answer has more; it bounds what an encoder may have to keep of each. */
  private static final int MAX_BLOCKS = 4096;

  private static final int NONE = -1;

  private enum Kind {
    TEXT,
    REASONING,
    ENCRYPTED,
    TOOL,
    PASSED_OVER
  }

  private int started;
  private int toolCalls;
  private int wireIndex = NONE;
  private int block = NONE;
  private Kind kind = Kind.PASSED_OVER;
  private String input = ""; // arguments that came with the start of a call

  /** How many tools were called. */
  int toolCalls() {
    return toolCalls;
  }

  /** A block begins, with all or none of its content. */
  void start(int index, Piece piece, Consumer<ModelEvent> out) throws MalformedAnswer {
    end(out);
    wireIndex = index;
    switch (piece.type) {
      case "text" -> open(Kind.TEXT, new Block.Text(), out);
      case "thinking" -> open(Kind.REASONING, new Block.Reasoning(), out);
      case "redacted_thinking" ->
          open(
              Kind.ENCRYPTED,
              new Block.EncryptedReasoning(piece.encrypted, Dialect.ANTHROPIC_MESSAGES),
              out);
      case "tool_use" -> {
        open(Kind.TOOL, toolCall(piece), out);
        input = piece.input;
        toolCalls++;
      }
      default -> kind = Kind.PASSED_OVER;
    }
    text(piece.text, out);
    thinking(piece.thinking, out);
    signature(piece.signature, out);
  }

  private static Block toolCall(Piece piece) throws MalformedAnswer {
    if (piece.id.isEmpty() || piece.name.isEmpty()) {
      throw new MalformedAnswer("a tool call lacks its id or name");
    }
    return new Block.ToolCall(piece.id, piece.name);
  }

  private void open(Kind opened, Block content, Consumer<ModelEvent> out) throws MalformedAnswer {
    if (started == MAX_BLOCKS) {
      throw new MalformedAnswer("it has more than " + MAX_BLOCKS + " blocks");
    }
    kind = opened;
    block = started++;
    out.accept(new BlockStarted(block, content));
  }

  /** Something is added to the block; what a later version of the API adds is passed over. */
  void add(int index, Piece piece, Consumer<ModelEvent> out) throws MalformedAnswer {
    if (wireIndex == NONE || index != wireIndex) {
      throw new MalformedAnswer("it adds to a block that is not open");
    }
    switch (piece.type) {
      case "text_delta" -> text(piece.text, out);
      case "input_json_delta" -> arguments(piece.partialJson, out);
      case "thinking_delta" -> thinking(piece.thinking, out);
      case "signature_delta" -> signature(piece.signature, out);
      default -> {}
    }
  }

  private void text(String text, Consumer<ModelEvent> out) {
    if (kind == Kind.TEXT && !text.isEmpty()) {
      out.accept(new TextDelta(block, text));
    }
  }

  private void arguments(String json, Consumer<ModelEvent> out) {
    if (kind == Kind.TOOL && !json.isEmpty()) {
      input = "";
      out.accept(new ArgumentsDelta(block, json));
    }
  }

  private void thinking(String text, Consumer<ModelEvent> out) {
    if (kind == Kind.REASONING && !text.isEmpty()) {
      out.accept(new ReasoningDelta(block, text));
    }
  }

  private void signature(String signature, Consumer<ModelEvent> out) {
    if (kind == Kind.REASONING && !signature.isEmpty()) {
      out.accept(new Signature(block, signature, Dialect.ANTHROPIC_MESSAGES));
    }
  }

  /** The block ends, where one is open. */
  void end(Consumer<ModelEvent> out) {
    if (wireIndex != NONE && kind != Kind.PASSED_OVER) {
      if (kind == Kind.TOOL && !input.isEmpty()) {
        out.accept(new ArgumentsDelta(block, input));
      }
      out.accept(new BlockEnded(block));
    }
    wireIndex = NONE;
    kind = Kind.PASSED_OVER;
    input = "";
  }

  /** Why the model will not say more, as a block of its own. */
  void refusal(String explanation, Consumer<ModelEvent> out) throws MalformedAnswer {
    open(Kind.PASSED_OVER, new Block.Refusal(), out);
    out.accept(new TextDelta(block, explanation));
    out.accept(new BlockEnded(block));
  }
}
