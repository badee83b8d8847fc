package dev.penstock.dataplane.dialect.openai.responses;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.ReasoningDelta;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.openai.responses.OpenBlocks.Piece;
import dev.penstock.dataplane.dialect.openai.responses.OutputItem.Said;
import dev.penstock.dataplane.dialect.openai.responses.Wire.Span;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a provider's answer. Blocks begin with their first delta, whatever announced them, and what
 * a provider tells only at the end of a part, of an item or of the response is told then.
 *
 * <p>Keeps no text, so nothing but the number of blocks can grow.
 */
final class AnswerReader implements AnswerDecoder {

  /** Parts of a summary are paragraphs, with a title each. */
  static final String BETWEEN_THOUGHTS = "\n\n";

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final OpenBlocks blocks = new OpenBlocks();
  private boolean started;
  private boolean over;

  @Override
  public void event(String name, byte[] bytes, int from, int to, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    if (over || Arrays.equals(bytes, from, to, DONE, 0, DONE.length)) {
      return; // the mark of another dialect, which some servers add; it does not mean success
    }
    StreamEvent event = StreamEvent.read(name, new Span(bytes, from, to));
    switch (event.type()) {
      case "response.created", "response.in_progress", "response.queued" ->
          start(ResponseHead.read(event.response()), out);
      case "response.output_item.added" -> added(event, out);
      case "response.output_item.done" -> item(event.outputIndex(), event.item(), out);
      case "response.completed" -> finish(event, "completed", out);
      case "response.incomplete" -> finish(event, "incomplete", out);
      case "response.failed" -> finish(event, "failed", out);
      case "error" -> fail(ErrorReader.event(event.data()), out);
      default -> part(event, out);
    }
  }

  private void part(StreamEvent event, Consumer<ModelEvent> out) throws MalformedAnswer {
    int at = event.outputIndex();
    int part = event.partIndex();
    switch (event.type()) {
      case "response.output_text.delta" -> say(at, part, new Block.Text(), event.delta(), out);
      case "response.output_text.done" -> said(at, part, new Block.Text(), event.text(), out);
      case "response.refusal.delta" -> say(at, part, new Block.Refusal(), event.delta(), out);
      case "response.refusal.done" -> said(at, part, new Block.Refusal(), event.text(), out);
      case "response.function_call_arguments.delta" -> argue(at, event.delta(), out);
      case "response.reasoning_summary_text.delta",
          "response.reasoning_text.delta",
          "response.reasoning.delta" ->
          think(at, part, event.delta(), out);
      default -> {} // what it adds is said again at an item's end, or is of no other dialect
    }
  }

  private void start(ResponseHead head, Consumer<ModelEvent> out) {
    if (!started) {
      started = true;
      out.accept(new ModelEvent.Started(head.id(), head.model(), head.createdAt()));
    }
  }

  /** Without the announcement that the dialect demands, which some servers leave out. */
  private void startUnannounced(Consumer<ModelEvent> out) {
    if (!started) {
      started = true;
      out.accept(new ModelEvent.Started("", "", 0));
    }
  }

  private void say(int at, int part, Block kind, String delta, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    if (delta.isEmpty()) {
      return;
    }
    Piece piece = blocks.find(at, part);
    if (piece == null) {
      startUnannounced(out);
      piece = blocks.start(at, part, kind, out);
    }
    requireOpen(piece, kind);
    piece.say(0);
    out.accept(new TextDelta(piece.block(), delta));
  }

  private void said(int at, int part, Block kind, String text, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    Piece piece = blocks.find(at, part);
    if (piece == null) {
      say(at, part, kind, text, out);
      piece = blocks.find(at, part);
    }
    if (piece != null) {
      blocks.end(piece, out);
    }
  }

  private static void requireOpen(Piece piece, Block kind) throws MalformedAnswer {
    if (piece.ended() || piece.content().getClass() != kind.getClass()) {
      throw new MalformedAnswer("a delta for a part that has ended, or of another kind");
    }
  }

  private void think(int at, int part, String delta, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    if (delta.isEmpty()) {
      return;
    }
    Block kind = new Block.Reasoning();
    Piece piece = blocks.find(at, OpenBlocks.WHOLE_ITEM);
    if (piece == null) {
      startUnannounced(out);
      piece = blocks.start(at, OpenBlocks.WHOLE_ITEM, kind, out);
    }
    requireOpen(piece, kind);
    if (piece.said() && piece.part() != part) {
      out.accept(new ReasoningDelta(piece.block(), BETWEEN_THOUGHTS));
    }
    piece.say(part);
    out.accept(new ReasoningDelta(piece.block(), delta));
  }

  private void added(StreamEvent event, Consumer<ModelEvent> out) throws MalformedAnswer {
    OutputItem item = OutputItem.read(event.item());
    if (item.type().equals("function_call") && !item.name().isEmpty()) {
      call(event.outputIndex(), item, out);
    }
  }

  private Piece call(int at, OutputItem item, Consumer<ModelEvent> out) throws MalformedAnswer {
    Piece piece = blocks.find(at, OpenBlocks.WHOLE_ITEM);
    if (piece != null) {
      return piece;
    }
    if (item.name().isEmpty() || item.callId().isEmpty()) {
      throw new MalformedAnswer("a function call without call_id or name");
    }
    startUnannounced(out);
    return blocks.start(
        at, OpenBlocks.WHOLE_ITEM, new Block.ToolCall(item.callId(), item.name()), out);
  }

  private void argue(int at, String delta, Consumer<ModelEvent> out) throws MalformedAnswer {
    if (delta.isEmpty()) {
      return;
    }
    Piece piece = blocks.find(at, OpenBlocks.WHOLE_ITEM);
    if (piece == null || piece.ended() || !(piece.content() instanceof Block.ToolCall)) {
      throw new MalformedAnswer("arguments of a call that is not running");
    }
    piece.say(0);
    out.accept(new ArgumentsDelta(piece.block(), delta));
  }

  /** An item at its end, with all that it holds. */
  private void item(int at, Span object, Consumer<ModelEvent> out) throws MalformedAnswer {
    OutputItem item = OutputItem.read(object);
    switch (item.type()) {
      case "message" -> {
        List<Said> parts = item.content();
        for (int part = 0; part < parts.size(); part++) {
          Said said = parts.get(part);
          said(
              at,
              part,
              said.isRefusal() ? new Block.Refusal() : new Block.Text(),
              said.text(),
              out);
        }
      }
      case "function_call" -> {
        Piece piece = call(at, item, out);
        if (!piece.said() && !piece.ended()) {
          argue(at, item.arguments(), out);
        }
        blocks.end(piece, out);
      }
      case "reasoning" -> reasoned(at, item, out);
      default -> {} // of a tool that the provider runs, which no other dialect's client asked for
    }
  }

  private void reasoned(int at, OutputItem item, Consumer<ModelEvent> out) throws MalformedAnswer {
    if (blocks.find(at, OpenBlocks.WHOLE_ITEM) == null) {
      List<Said> thoughts = item.thoughts();
      for (int part = 0; part < thoughts.size(); part++) {
        think(at, part, thoughts.get(part).text(), out);
      }
    }
    Piece piece = blocks.find(at, OpenBlocks.WHOLE_ITEM);
    if (piece != null && piece.content() instanceof Block.ToolCall) {
      throw new MalformedAnswer("reasoning in the place of a function call");
    }
    if (piece == null && !item.encrypted().isEmpty()) {
      startUnannounced(out);
      Block encrypted = new Block.EncryptedReasoning(item.encrypted(), Dialect.OPENAI_RESPONSES);
      piece = blocks.start(at, OpenBlocks.WHOLE_ITEM, encrypted, out);
    } else if (piece != null && !piece.ended() && !item.encrypted().isEmpty()) {
      out.accept(
          new ModelEvent.Signature(piece.block(), item.encrypted(), Dialect.OPENAI_RESPONSES));
    }
    if (piece != null) {
      blocks.end(piece, out);
    }
  }

  private void finish(StreamEvent event, String status, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    ResponseHead head = ResponseHead.read(event.response());
    if (status.equals("failed")) {
      fail(ErrorReader.failed(head.error()), out);
    } else {
      finish(head, status, out);
    }
  }

  private void finish(ResponseHead head, String status, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    start(head, out);
    if (blocks.isEmpty()) {
      int[] at = {0};
      Wire.array(head.output(), item -> item(at[0]++, item, out));
    }
    blocks.endAll(out);
    head.usage()
        .ifPresent(tokens -> out.accept(new ModelEvent.UsageReported(tokens, head.serviceTier())));
    FinishReason reason = status.equals("incomplete") ? head.incompleteReason() : reason();
    over = true;
    out.accept(new ModelEvent.Finished(reason, Optional.empty()));
    out.accept(new ModelEvent.Ended());
  }

  /** This dialect says of a complete answer only what it holds. */
  private FinishReason reason() {
    if (blocks.any(Block.ToolCall.class)) {
      return FinishReason.TOOL_CALLS;
    }
    return blocks.any(Block.Refusal.class) ? FinishReason.CONTENT_FILTER : FinishReason.STOP;
  }

  private void fail(ProviderError error, Consumer<ModelEvent> out) {
    over = true;
    out.accept(new ModelEvent.Failed(error));
  }

  /** The terminal event is the only end: nothing has been held back, and nothing is complete. */
  @Override
  public void end(Consumer<ModelEvent> out) {
    over = true;
  }

  @Override
  public void whole(byte[] body, Consumer<ModelEvent> out) throws MalformedAnswer {
    ResponseHead head = ResponseHead.read(new Span(body, 0, body.length));
    switch (head.status()) {
      case "completed", "incomplete" -> finish(head, head.status(), out);
      case "" -> finish(head, "completed", out); // a server that states no status has answered
      case "failed", "cancelled" -> fail(ErrorReader.failed(head.error()), out);
      default -> throw new MalformedAnswer("an answer that is not finished");
    }
  }

  @Override
  public ProviderError error(int status, byte[] body) {
    return ErrorReader.body(status, body);
  }
}
