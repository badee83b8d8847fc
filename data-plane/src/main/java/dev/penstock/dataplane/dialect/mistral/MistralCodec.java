package dev.penstock.dataplane.dialect.mistral;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.AnswerTexts;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.RequestDecoder;
import dev.penstock.dataplane.dialect.RequestEncoder;
import dev.penstock.dataplane.dialect.openai.chat.AnswerWriter;
import dev.penstock.dataplane.dialect.openai.chat.ChatAnswerReader;
import dev.penstock.dataplane.dialect.openai.chat.ChatAnswerTexts;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * Translates Mistral's chat completions.
 *
 * <p>Source: Mistral API reference, "Chat".
 */
public final class MistralCodec implements Codec {

  @Override
  public Dialect dialect() {
    return Dialect.MISTRAL_CHAT;
  }

  @Override
  public RequestDecoder requests() {
    return MistralRequestReader::read;
  }

  @Override
  public RequestEncoder toProvider() {
    return MistralRequestWriter::write;
  }

  @Override
  public AnswerDecoder fromProvider() {
    return new ChatAnswerReader();
  }

  @Override
  public AnswerEncoder toClient(ModelRequest request, String answerId, Instant askedAt) {
    return new AnswerWriter(request, answerId, askedAt, new MistralForm());
  }

  @Override
  public AnswerTexts answerTexts() {
    return new ChatAnswerTexts();
  }

  @Override
  public Buffer refusal(Refusal refusal, String requestId) {
    return new MistralErrors().body(refusal, requestId);
  }

  @Override
  public Buffer providerError(ProviderError error, String requestId) {
    return MistralErrors.body(error, requestId);
  }
}
