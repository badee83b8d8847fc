package dev.penstock.dataplane.upstream;

import io.vertx.core.buffer.Buffer;

/** What a provider has begun to say. */
public sealed interface ProviderAnswer {

  int status();

  /** The provider's own id of the call; empty where it gives none. */
  String requestId();

  /** A stream of events, held after its first read. */
  record Streaming(int status, ProviderStream stream, String requestId) implements ProviderAnswer {}

  /** A whole body, whether an answer or an error. */
  record Whole(int status, Buffer body, String retryAfter, String requestId)
      implements ProviderAnswer {}

  /**
   * No provider was asked, as none of the model's can count tokens; it is an estimate of ours.
   *
   * @param inputTokens of the request
   */
  record Counted(long inputTokens) implements ProviderAnswer {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public String requestId() {
      return "";
    }
  }
}
