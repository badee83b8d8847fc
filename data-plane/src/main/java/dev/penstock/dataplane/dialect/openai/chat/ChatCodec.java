package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.AnswerTexts;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.RequestDecoder;
import dev.penstock.dataplane.dialect.RequestEncoder;
import dev.penstock.dataplane.dialect.openai.OpenAiError;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * Translates OpenAI Chat Completions, as OpenAI, Azure and compatible servers speak them.
 *
 * <p>Source: OpenAI API reference, "Chat"; vLLM, {@code entrypoints/openai}.
 */
public final class ChatCodec implements Codec {

  @Override
  public Dialect dialect() {
    return Dialect.OPENAI_CHAT;
  }

  @Override
  public RequestDecoder requests() {
    return ChatRequestReader::read;
  }

  @Override
  public RequestEncoder toProvider() {
    return ChatRequestWriter::write;
  }

  @Override
  public AnswerDecoder fromProvider() {
    return new ChatAnswerReader();
  }

  @Override
  public AnswerEncoder toClient(ModelRequest request, String answerId, Instant askedAt) {
    return new AnswerWriter(request, answerId, askedAt, new OpenAiForm(request.usageAsked()));
  }

  @Override
  public AnswerTexts answerTexts() {
    return new ChatAnswerTexts();
  }

  @Override
  public Buffer refusal(Refusal refusal, String requestId) {
    return OpenAiError.body(refusal, requestId);
  }

  @Override
  public Buffer providerError(ProviderError error, String requestId) {
    return OpenAiError.body(error, requestId);
  }
}
