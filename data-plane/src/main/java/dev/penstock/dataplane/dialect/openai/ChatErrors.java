package dev.penstock.dataplane.dialect.openai;

import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;

/** Errors of OpenAI's Chat Completions, which its embeddings share. */
public record ChatErrors() implements ErrorShape {

  @Override
  public int status(Refusal.Code code) {
    return code.status();
  }

  @Override
  public Buffer body(Refusal refusal, String requestId) {
    return OpenAiError.body(refusal, requestId);
  }

  /** An event that is named {@code error}, with nothing beside {@code error} in its data. */
  @Override
  public Buffer events(Refusal refusal, String requestId) {
    return Buffer.buffer("event: error\ndata: ")
        .appendBuffer(OpenAiError.body(refusal, requestId))
        .appendString("\n\n");
  }

  @Override
  public boolean canRead(byte[] error) {
    return OpenAiError.isWellTyped(error);
  }
}
