package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.dialect.Allowance;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.relay.sse.EventBatch;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Where an answer goes: an HTTP response or one exchange on a WebSocket. Used from the exchange's
 * event loop only; after {@link #gone} every call does nothing.
 */
public interface ClientChannel {

  /** {@code http}, {@code sse} or {@code websocket}, for the record. */
  String transport(boolean stream);

  /** The client's own id of the exchange, as JSON, becomes known; only a WebSocket has one. */
  void named(String clientIdAsJson);

  /** Whether the client has left. */
  boolean gone();

  /**
   * Called once when the client leaves; a later call replaces the handler. At once if it has left.
   */
  void onGone(Runnable handler);

  /** A stream of events begins. */
  void beginStream();

  /** Delivers the kept events of a batch, in order; at the latest with the next {@link #flush}. */
  void deliver(EventBatch batch);

  /** Shows a client whose stream has begun that it goes on; where it has left, does nothing. */
  void keepAlive();

  /** Sends what has been delivered. */
  void flush();

  /** Whether so much waits for the client that its provider has to pause. */
  boolean full();

  /** Called once when there is room again. */
  void onDrained(Runnable handler);

  /** Ends a stream well; {@code terminal} is the provider's terminal event as it came, or empty. */
  void endStream(Buffer terminal);

  /**
   * Ends a stream that has begun with an error.
   *
   * @param events say it in the client's dialect, as SSE
   */
  void failStream(Refusal refusal, String requestId, Buffer events);

  /** What rate limits leave to the client becomes known; before any answer. */
  void allowance(Allowance allowance);

  /** Fields of the request that do not reach the provider become known; before any answer. */
  void dropped(List<String> fields);

  /** The answer may have no more than so many tokens, whatever was asked for; before any answer. */
  void clamped(long maxTokens);

  /** The count of tokens that the answer is charged for, or consists of, is an estimate of ours. */
  void estimated();

  /**
   * What the provider that was asked last calls the call becomes known; before any answer.
   *
   * @param id empty where it gives none; letters, digits and {@code ._:/=+@-}
   */
  void providerRequestId(String id);

  /** Answers with one JSON body, whether of a model or of a provider's refusal. */
  void answer(int status, Buffer json);

  /** Answers with a refusal; nothing has been sent before. */
  void refuse(Refusal refusal, String requestId);
}
