package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.AnswerTexts;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.RequestDecoder;
import dev.penstock.dataplane.dialect.RequestEncoder;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** Translates Anthropic's Messages API, and the counting of tokens that belongs to it. */
public final class MessagesCodec implements Codec {

  private static final MessagesErrors ERRORS = new MessagesErrors();

  private final ApiVersion version;

  /**
   * @param version what the client states, which decides what its requests may hold
   */
  public MessagesCodec(ApiVersion version) {
    this.version = version;
  }

  @Override
  public Dialect dialect() {
    return Dialect.ANTHROPIC_MESSAGES;
  }

  @Override
  public RequestDecoder requests() {
    return new RequestReader(version, RequestReader.Purpose.ANSWER);
  }

  /** Reads requests to count tokens, which are those for an answer without a limit on output. */
  public RequestDecoder countRequests() {
    return new RequestReader(version, RequestReader.Purpose.COUNT);
  }

  /** The answer to a request to count tokens. */
  public static Buffer counted(long inputTokens) {
    return Buffer.buffer("{\"input_tokens\":" + inputTokens + "}");
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
    return request.stream()
        ? new StreamWriter(answerId, request.model())
        : new WholeWriter(answerId, request.model());
  }

  @Override
  public AnswerTexts answerTexts() {
    return new MessagesAnswerTexts();
  }

  @Override
  public Buffer refusal(Refusal refusal, String requestId) {
    return ERRORS.body(refusal, requestId);
  }

  @Override
  public Buffer providerError(ProviderError error, String requestId) {
    return ERRORS.body(error, requestId);
  }
}
