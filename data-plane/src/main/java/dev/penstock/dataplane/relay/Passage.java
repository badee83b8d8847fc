package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.relay.sse.EventBatch;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * How the events of one answer get from the provider's stream into the client's: decode → meter →
 * encode → guard. Nothing is read after an end, and what was read before it still counts.
 */
sealed interface Passage permits KeptEvents, TranslatedEvents, GuardedEvents {

  /** What has become of the answer. */
  enum State {
    RUNNING,
    /** The provider has said all. */
    ENDED,
    /** The provider reported an error. */
    FAILED,
    MALFORMED,
    /** A guard does not let it pass. */
    BLOCKED
  }

  /** Takes the events of one read; not again after an end. */
  State read(EventBatch batch);

  /**
   * Takes what is left when the provider's stream has ended, whether it said so or not; {@link
   * State#RUNNING} where the answer is not complete.
   */
  State end(EventBatch rest);

  /** What the client is to get of what was taken last; valid until more is taken. */
  EventBatch outgoing();

  /** What waits for more goes on without it; valid until more is taken. */
  default EventBatch letGo() {
    return new EventBatch();
  }

  /** Whether text was among what has gone out so far, where text has come. */
  default boolean textLeft() {
    return true;
  }

  /** Why no more of it passes. */
  default Optional<Refusal> blocked() {
    return Optional.empty();
  }

  /** The exchange is over. */
  default void over() {}

  /** What the provider said of its error; only at {@link State#FAILED}, and holds no secret. */
  ProviderError error();

  /** The client's last event; only at {@link State#ENDED}. */
  Buffer terminal();

  /** What the client is told in place of an end, as SSE. */
  Buffer failure(Refusal refusal, String requestId);
}
