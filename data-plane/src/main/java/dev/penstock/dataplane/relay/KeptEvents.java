package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.relay.sse.EventBatch;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Supplier;

/** For a client of the provider's dialect: events keep their bytes, and are only looked at. */
final class KeptEvents implements Passage {

  private static final EventBatch NOTHING = new EventBatch();

  private final StreamScan chunk;
  private final ErrorShape errors;
  private final TokenMeter meter;
  private final boolean usageAsked;
  private final boolean usageHidden;
  private final Supplier<AnswerDecoder> decoder;
  private EventBatch outgoing = NOTHING;
  private Buffer terminal = Buffer.buffer();
  private ProviderError error = ProviderError.UNSAID;
  private boolean finishSeen;

  /**
   * @param chunk may be shared with other streams
   * @param usageAsked whether the client is to see events that are there for their usage alone
   * @param usageHidden whether it is to see usage nowhere else
   * @param decoder reads what a provider says of its error; not needed for anything else
   */
  KeptEvents(
      StreamScan chunk,
      ErrorShape errors,
      TokenMeter meter,
      boolean usageAsked,
      boolean usageHidden,
      Supplier<AnswerDecoder> decoder) {
    this.chunk = chunk;
    this.errors = errors;
    this.meter = meter;
    this.usageAsked = usageAsked;
    this.usageHidden = usageHidden;
    this.decoder = decoder;
  }

  @Override
  public State read(EventBatch batch) {
    outgoing = batch;
    State state = State.RUNNING;
    int index = 0;
    while (index < batch.count() && state == State.RUNNING) {
      state = look(batch, index);
      index++;
    }
    if (state == State.ENDED) {
      terminal = batch.event(index - 1);
    }
    if (state != State.RUNNING) {
      for (int i = index - 1; i < batch.count(); i++) {
        batch.drop(i); // nothing follows an end
      }
    }
    return state;
  }

  private State look(EventBatch batch, int index) {
    byte[] bytes = batch.bytes();
    int from = batch.dataStart(index);
    int to = batch.dataEnd(index);
    if (from == to) {
      return State.RUNNING; // a comment or an empty event keeps the connection alive
    }
    chunk.scan(bytes, from, to);
    if (!chunk.wellFormed()) {
      return State.MALFORMED;
    }
    if (chunk.error()) {
      error =
          decoder.get().error(ProviderError.UNSAID.status(), Arrays.copyOfRange(bytes, from, to));
      return State.FAILED;
    }
    // Metering comes before a guard could cut: the provider charges for what it produced.
    if (chunk.content()) {
      meter.contentEvent();
      meter.wrote(bytes, chunk.contentAt(), to);
    }
    finishSeen |= chunk.finish();
    if (chunk.usage()) {
      chunk.tokens(bytes, meter.reported()).ifPresent(meter::reported);
      meter.servedIn(chunk.serviceTier(bytes, from, to));
      if (chunk.usageOnly() && !usageAsked) {
        batch.drop(index); // it is there because we asked for it
      } else if (usageHidden && !chunk.usageOnly()) {
        chunk.hideUsage(bytes);
      }
    }
    return chunk.terminal() ? State.ENDED : State.RUNNING;
  }

  /** Where all was said and only the terminal event is missing, none is invented. */
  @Override
  public State end(EventBatch rest) {
    State state = read(rest);
    return state == State.RUNNING && finishSeen ? State.ENDED : state;
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
    return errors.events(refusal, requestId);
  }
}
