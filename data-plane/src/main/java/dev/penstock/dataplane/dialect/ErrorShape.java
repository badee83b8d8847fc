package dev.penstock.dataplane.dialect;

import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;

/** How a client is told in its dialect that it gets no answer, or no whole one. Holds nothing. */
public interface ErrorShape {

  /** The HTTP status that the SDKs of the dialect expect of a refusal. */
  int status(Refusal.Code code);

  /** A JSON body in place of an answer, from which the SDKs read a message. */
  Buffer body(Refusal refusal, String requestId);

  /** The last events of a stream that is not complete, as SSE, in a form that every SDK raises. */
  Buffer events(Refusal refusal, String requestId);
}
