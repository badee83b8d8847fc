package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
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
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.relay.sse.EventBatch;
import dev.penstock.dataplane.relay.sse.EventScanner;
import dev.penstock.dataplane.relay.sse.Unfinished;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** For a client of another dialect than the provider's: events are decoded and encoded again. */
final class TranslatedEvents implements Passage {

  private static final EventBatch NOTHING = new EventBatch();

  private final AnswerDecoder decoder;
  private final AnswerEncoder encoder;
  private final TokenMeter meter;
  private final Consumer<ModelEvent> each = this::onEvent;
  private final EventScanner written;
  private Buffer encoded = Buffer.buffer();
  private EventBatch outgoing = NOTHING;
  private Buffer terminal = Buffer.buffer();
  private ProviderError error = ProviderError.UNSAID;
  private State state = State.RUNNING;
  private boolean content;
  private @Nullable Tokens told;

  /**
   * @param written cuts what has been encoded into events; may be shared with other streams
   */
  TranslatedEvents(
      AnswerDecoder decoder, AnswerEncoder encoder, TokenMeter meter, EventScanner written) {
    this.decoder = decoder;
    this.encoder = encoder;
    this.meter = meter;
    this.written = written;
  }

  @Override
  public State read(EventBatch batch) {
    readAll(batch);
    cut();
    return state;
  }

  @Override
  public State end(EventBatch rest) {
    readAll(rest);
    if (state == State.RUNNING) {
      decoder.end(each);
      report();
    }
    cut();
    return state;
  }

  private void readAll(EventBatch batch) {
    for (int i = 0; i < batch.count() && state == State.RUNNING; i++) {
      read(batch, i);
    }
  }

  /** What was encoded goes to the client as if it had come so; its last event waits. */
  private void cut() {
    boolean ended = state == State.ENDED;
    if (ended) {
      encoded.appendBuffer(encoder.terminal());
    }
    outgoing = written.scan(new Unfinished(), ((BufferInternal) encoded).getByteBuf());
    encoded = Buffer.buffer();
    if (ended && outgoing.count() > 0) {
      int last = outgoing.count() - 1;
      terminal = outgoing.event(last);
      outgoing.drop(last);
    }
  }

  private void read(EventBatch batch, int index) {
    int from = batch.dataStart(index);
    int to = batch.dataEnd(index);
    if (from == to) {
      encoded.appendBuffer(encoder.keepAlive()); // a comment says that the provider is there
      return;
    }
    content = false;
    try {
      decoder.event(batch.name(index), batch.bytes(), from, to, each);
    } catch (MalformedAnswer malformed) {
      state = State.MALFORMED;
    }
    if (content) {
      // Before a guard could cut: the provider charges for what it produced.
      meter.contentEvent();
    }
    report();
  }

  /** A count in an event is of its text, too, wherever in it either stands. */
  private void report() {
    if (told != null) {
      meter.reported(told);
      told = null;
    }
  }

  /**
   * Translates a whole answer.
   *
   * @throws MalformedAnswer where it is not what its dialect says
   */
  Buffer whole(byte[] body) throws MalformedAnswer {
    decoder.whole(body, each);
    report();
    if (state != State.ENDED) {
      throw new MalformedAnswer("an answer that failed, or is not complete");
    }
    return encoder.whole();
  }

  private void onEvent(ModelEvent event) {
    switch (event) {
      case TextDelta _, ReasoningDelta _, ArgumentsDelta _ -> wrote(event);
      case BlockStarted(_, ModelEvent.Block.ToolCall _) -> wrote(event);
      case UsageReported(Tokens tokens, String serviceTier) -> {
        told = tokens;
        meter.servedIn(serviceTier);
      }
      case Failed(ProviderError reported) -> {
        error = reported;
        state = State.FAILED;
        return;
      }
      case Ended _ -> {
        state = State.ENDED;
        return;
      }
      case Started _, BlockStarted _, Signature _, BlockEnded _, KeepAlive _, Finished _ -> {}
    }
    encoder.event(event, encoded);
  }

  private void wrote(ModelEvent event) {
    content = true;
    meter.wrote(event.written());
  }

  @Override
  public EventBatch outgoing() {
    return outgoing;
  }

  @Override
  public ProviderError error() {
    return error;
  }

  @Override
  public Buffer terminal() {
    return terminal;
  }

  @Override
  public Buffer failure(Refusal refusal, String requestId) {
    return encoder.failure(refusal, requestId);
  }
}
