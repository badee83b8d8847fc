package dev.penstock.dataplane.upstream;

import io.vertx.core.buffer.Buffer;

/** What a provider has begun to say. */
public sealed interface ProviderAnswer {

  int status();

  /** A stream of events, held after its first read. */
  record Streaming(int status, ProviderStream stream) implements ProviderAnswer {}

  /** A whole body, whether an answer or an error. */
  record Whole(int status, Buffer body, String retryAfter) implements ProviderAnswer {}
}
