package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.relay.sse.EventBatch;
import io.vertx.core.buffer.Buffer;

/**
 * How the events of one answer get from the provider's stream into the client's: decode → meter →
 * encode. Nothing is read after an end, and what was read before it still counts.
 */
sealed interface Passage permits KeptEvents, TranslatedEvents {

  /** What has become of the answer. */
  enum State {
    RUNNING,
    /** The provider has said all. */
    ENDED,
    /** The provider reported an error. */
    FAILED,
    MALFORMED
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

  /** What the provider said of its error; only at {@link State#FAILED}, and holds no secret. */
  ProviderError error();

  /** The client's last event; only at {@link State#ENDED}. */
  Buffer terminal();

  /** What the client is told in place of an end, as SSE. */
  Buffer failure(Refusal refusal, String requestId);
}
