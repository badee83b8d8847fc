package dev.penstock.dataplane.upstream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** What a provider has begun to say. */
public sealed interface ProviderAnswer {

  int status();

  /**
   * A stream of events, paused after its first read.
   *
   * @param cancel ends the call, whatever state it is in
   */
  record Streaming(HttpClientResponse response, Buffer first, Runnable cancel)
      implements ProviderAnswer {
    @Override
    public int status() {
      return response.statusCode();
    }
  }

  /** A whole body, whether an answer or an error. */
  record Whole(int status, Buffer body, String retryAfter) implements ProviderAnswer {}
}
