package dev.penstock.dataplane.dialect.anthropic;

import io.vertx.core.buffer.Buffer;

/** What a client is answered that asks for a count of tokens: API reference, "Count tokens". */
public final class CountAnswer {

  private CountAnswer() {}

  public static Buffer of(long inputTokens) {
    return Buffer.buffer("{\"input_tokens\":" + inputTokens + "}");
  }
}
