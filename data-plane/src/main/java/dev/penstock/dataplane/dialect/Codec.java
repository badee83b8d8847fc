package dev.penstock.dataplane.dialect;

import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/** All that translates one dialect, in both directions. Holds nothing. */
public interface Codec {

  Dialect dialect();

  RequestDecoder requests();

  RequestEncoder toProvider();

  /** Reads one answer of a provider. */
  AnswerDecoder fromProvider();

  /**
   * Writes one answer to a client.
   *
   * @param request what the client asked
   * @param answerId an id for the answer where the provider gives none
   * @param askedAt when the answer was made, where the provider does not say
   */
  AnswerEncoder toClient(ModelRequest request, String answerId, Instant askedAt);

  /** Which strings of an answer to a client are texts. */
  AnswerTexts answerTexts();

  /** A refusal in place of an answer, as the SDKs of the dialect read it. */
  Buffer refusal(Refusal refusal, String requestId);

  /** A provider's own fault-finding, told in this dialect. */
  Buffer providerError(ProviderError error, String requestId);
}
