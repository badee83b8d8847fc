package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.KeepAlive;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.dataplane.dialect.ProviderError;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads an answer of Anthropic, or of a server that speaks its API. A stream is complete with
 * {@code message_stop} and not before, as an error may come even after the reason for stopping.
 *
 * <p>Source: Anthropic API reference, "Streaming messages".
 */
final class AnswerReader implements AnswerDecoder {

  private enum At {
    BEFORE,
    RUNNING,
    OVER
  }

  private final UsageCount usage = new UsageCount();
  private final AnswerEvent event = new AnswerEvent(usage);
  private final OpenBlock block = new OpenBlock();
  private At at = At.BEFORE;
  private String stopReason = "";
  private String stopSequence = "";
  private String explanation = "";

  AnswerReader() {
    usage.start(null);
  }

  @Override
  public void event(String name, byte[] bytes, int from, int to, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    if (at == At.OVER) {
      return;
    }
    try {
      read(name, bytes, from, to, out);
    } catch (MalformedAnswer malformed) {
      at = At.OVER; // whatever follows is no whole answer any more
      throw malformed;
    }
  }

  private void read(String name, byte[] bytes, int from, int to, Consumer<ModelEvent> out)
      throws MalformedAnswer {
    event.read(bytes, from, to);
    switch (event.type.isEmpty() ? name : event.type) {
      case "message_start" -> start(out);
      case "content_block_start" -> {
        requireRunning();
        block.start(event.index, event.piece, out);
      }
      case "content_block_delta" -> {
        requireRunning();
        block.add(event.index, event.piece, out);
      }
      case "content_block_stop" -> block.end(out);
      case "message_delta" -> readDelta(out);
      case "message_stop" -> stop(out);
      case "ping" -> out.accept(new KeepAlive());
      case "error" -> fail(out);
      default -> {} // a kind that came after this version of the API
    }
  }

  private void requireRunning() throws MalformedAnswer {
    if (at != At.RUNNING) {
      throw new MalformedAnswer("an event comes before the message has started");
    }
  }

  private void start(Consumer<ModelEvent> out) throws MalformedAnswer {
    if (at != At.BEFORE) {
      throw new MalformedAnswer("the message starts twice");
    }
    at = At.RUNNING;
    out.accept(new Started(event.id, event.model, 0));
    usage
        .inputTokens()
        .ifPresent(tokens -> out.accept(new UsageReported(tokens, usage.serviceTier())));
  }

  private void readDelta(Consumer<ModelEvent> out) throws MalformedAnswer {
    requireRunning();
    readStop();
    if (event.usageStated) {
      usage
          .tokens()
          .ifPresent(tokens -> out.accept(new UsageReported(tokens, usage.serviceTier())));
    }
  }

  private void readStop() {
    if (!event.piece.stopReason.isEmpty()) {
      stopReason = event.piece.stopReason;
      stopSequence = event.piece.stopSequence;
      explanation = event.piece.explanation;
    }
  }

  /** Without a reason for stopping the answer is as good as cut, whatever the provider says. */
  private void stop(Consumer<ModelEvent> out) throws MalformedAnswer {
    if (at == At.RUNNING && !stopReason.isEmpty()) {
      finish(out);
    }
    at = At.OVER;
  }

  private void finish(Consumer<ModelEvent> out) throws MalformedAnswer {
    block.end(out);
    FinishReason reason = StopReasons.read(stopReason);
    if (reason == FinishReason.CONTENT_FILTER && !explanation.isEmpty()) {
      block.refusal(explanation, out);
    }
    if (reason == FinishReason.STOP && block.toolCalls() > 0) {
      reason = FinishReason.TOOL_CALLS; // some servers say so only by the calls themselves
    }
    Optional<String> sequence = Optional.of(stopSequence).filter(text -> !text.isEmpty());
    out.accept(new Finished(reason, sequence));
    out.accept(new Ended());
  }

  private void fail(Consumer<ModelEvent> out) {
    at = At.OVER;
    out.accept(new Failed(ProviderErrors.inStream(event)));
  }

  @Override
  public void end(Consumer<ModelEvent> out) {
    at = At.OVER;
  }

  @Override
  public void whole(byte[] body, Consumer<ModelEvent> out) throws MalformedAnswer {
    if (at != At.BEFORE) {
      return;
    }
    // The model's name may follow the content, but has to go before it.
    event.read(body, 0, body.length);
    if ("error".equals(event.type)) {
      fail(out);
      return;
    }
    readStop();
    if (stopReason.isEmpty()) {
      throw new MalformedAnswer("it does not say why it stopped");
    }
    out.accept(new Started(event.id, event.model, 0));
    usage.start(null);
    event.read(body, 0, body.length, piece -> block.start(0, piece, out));
    block.end(out);
    usage.tokens().ifPresent(tokens -> out.accept(new UsageReported(tokens, usage.serviceTier())));
    finish(out);
    at = At.OVER;
  }

  @Override
  public ProviderError error(int status, byte[] body) {
    return ProviderErrors.inPlaceOfAnswer(status, body, event);
  }
}
