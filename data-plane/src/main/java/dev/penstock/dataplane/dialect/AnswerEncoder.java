package dev.penstock.dataplane.dialect;

import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;

/**
 * Writes one answer in a client's dialect, as a stream or whole. Used for one exchange, on its
 * event loop.
 */
public interface AnswerEncoder {

  /**
   * What the client is to see of an event, as SSE bytes appended to {@code out}; often nothing. The
   * terminal part is written by {@link #terminal}, not here.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code upstream_error} where more
   *     would have to be kept of the answer than an encoder keeps
   */
  void event(ModelEvent event, Buffer out);

  /** The end of a stream that was complete, after {@link ModelEvent.Finished}; exactly once. */
  Buffer terminal();

  /**
   * The end of a stream that was not, in the form that every SDK of the dialect raises.
   *
   * @param requestId ours
   */
  Buffer failure(Refusal refusal, String requestId);

  /** A sign of life while a provider thinks. */
  Buffer keepAlive();

  /**
   * The whole answer, of all events that {@link #event} has been given in place of a stream; only
   * where the request asks for no stream, in which case {@link #event} appends nothing.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code upstream_error} where the
   *     dialect has no form for it, such as for arguments that are no JSON object
   */
  Buffer whole();
}
