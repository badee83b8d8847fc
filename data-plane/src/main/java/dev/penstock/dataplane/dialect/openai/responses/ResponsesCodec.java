package dev.penstock.dataplane.dialect.openai.responses;

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

/** Translates OpenAI Responses. Source: OpenAI API reference, "Responses". */
public final class ResponsesCodec implements Codec {

  @Override
  public Dialect dialect() {
    return Dialect.OPENAI_RESPONSES;
  }

  @Override
  public RequestDecoder requests() {
    return new RequestReader();
  }

  @Override
  public RequestEncoder toProvider() {
    return new RequestWriter();
  }

  @Override
  public AnswerDecoder fromProvider() {
    return new AnswerReader();
  }

  @Override
  public AnswerEncoder toClient(ModelRequest request, String answerId, Instant askedAt) {
    return new AnswerWriter(request, answerId, askedAt);
  }

  @Override
  public AnswerTexts answerTexts() {
    return new ResponsesAnswerTexts();
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
