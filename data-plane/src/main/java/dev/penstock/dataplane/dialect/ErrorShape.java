package dev.penstock.dataplane.dialect;

import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/**
 * How a client is told in its dialect what is no part of an answer: whose it has, what it may still
 * ask for, that it is still coming, that it gets none or no whole one. Holds nothing.
 */
public interface ErrorShape {

  /** OpenAI's and Anthropic's; whoever asks finds its own. */
  List<String> REQUEST_ID_HEADERS = List.of("x-request-id", "request-id");

  /** Headers in which the SDKs of the dialect look for the request's id, in every answer. */
  default List<String> requestIdHeaders() {
    return REQUEST_ID_HEADERS;
  }

  /**
   * Headers that tell what rate limits leave, by name: OpenAI's, which other makers' SDKs read,
   * too. Source: OpenAI documentation, "Rate limits in headers".
   */
  default Map<String, String> limitHeaders(Allowance allowance) {
    return OpenAiLimits.headers(allowance);
  }

  /**
   * A sign of life in a stream, as SSE: a comment, which no SDK takes for a part of its answer
   * (HTML Living Standard, "Server-sent events").
   */
  default Buffer keepAlive() {
    return Buffer.buffer(": keep-alive\n\n");
  }

  /** The HTTP status that the SDKs of the dialect expect of a refusal. */
  int status(Refusal.Code code);

  /** A JSON body in place of an answer, from which the SDKs read a message. */
  Buffer body(Refusal refusal, String requestId);

  /**
   * Whether SDKs of the dialect can read a provider's error as it is, which has the form of the
   * dialect.
   */
  default boolean canRead(byte[] error) {
    return true;
  }

  /** The last events of a stream that is not complete, as SSE, in a form that SDKs raise. */
  Buffer events(Refusal refusal, String requestId);

  /**
   * Whether the response is broken off after {@link #events}: there are SDKs of the dialect that
   * raise no event, and a broken connection only.
   */
  default boolean breaksOff() {
    return false;
  }
}
