package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.guard.AnswerGuard;
import dev.penstock.dataplane.relay.sse.EventBatch;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Where guards look at answers: what another passage would send, as far as they let it go. So
 * metering comes before them, as a provider charges for what it produced, and encoding as well:
 * there is one way out for all dialects.
 */
final class GuardedEvents implements Passage {

  private static final EventBatch NOTHING = new EventBatch();

  private final Passage passage;
  private final AnswerGuard guard;
  private final ErrorShape errors;
  private EventBatch outgoing = NOTHING;
  private Buffer terminal = Buffer.buffer();

  GuardedEvents(Passage passage, AnswerGuard guard, ErrorShape errors) {
    this.passage = passage;
    this.guard = guard;
    this.errors = errors;
  }

  @Override
  public State read(EventBatch batch) {
    return guarded(passage.read(batch));
  }

  @Override
  public State end(EventBatch rest) {
    return guarded(passage.end(rest));
  }

  private State guarded(State state) {
    try {
      outgoing = guard.pass(passage.outgoing(), state != State.RUNNING);
      if (state == State.ENDED) {
        terminal = guard.last(passage.terminal());
      }
    } catch (MalformedAnswer malformed) {
      outgoing = NOTHING;
      return State.MALFORMED;
    }
    return guard.refusal().isPresent() ? State.BLOCKED : state;
  }

  @Override
  public EventBatch outgoing() {
    return outgoing;
  }

  @Override
  public EventBatch letGo() {
    return guard.isHolding() ? guard.settle() : NOTHING;
  }

  @Override
  public boolean textLeft() {
    return guard.contentLeft();
  }

  @Override
  public Optional<Refusal> blocked() {
    return guard.refusal();
  }

  @Override
  public ProviderError error() {
    ProviderError error = passage.error();
    return new ProviderError(
        error.status(), guard.words(error.message()), error.code(), error.param());
  }

  @Override
  public Buffer terminal() {
    return terminal;
  }

  /** What an encoder would say of what it has written so far has passed no guard. */
  @Override
  public Buffer failure(Refusal refusal, String requestId) {
    return errors.events(refusal, requestId);
  }

  @Override
  public void over() {
    guard.record();
  }
}
