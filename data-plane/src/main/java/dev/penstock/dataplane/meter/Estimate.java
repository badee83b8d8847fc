package dev.penstock.dataplane.meter;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.kernel.money.Tokens;

/**
 * What one call is taken to have used, as far as its provider has not said. Never more than its
 * hold was made for.
 */
record Estimate(TokenMeter meter, ClientRequest request, Candidate candidate) {

  /** By the model's own encoding, or one that comes near it: not on an event loop. */
  Usage counted() {
    Tokenizer tokenizer = tokenizer();
    Tokens reported = meter.reported();
    return reported == null
        ? estimated(RequestText.tokens(request, tokenizer), meter.writtenSinceReport(tokenizer))
        : added(reported, meter.writtenSinceReport(tokenizer));
  }

  /** By sizes alone, at once. */
  Usage rough() {
    Tokens reported = meter.reported();
    return reported == null
        ? estimated(roughInput(), meter.roughlyWrittenSinceReport())
        : added(reported, meter.roughlyWrittenSinceReport());
  }

  /** Tokens of the request: not on an event loop. */
  long input() {
    return RequestText.tokens(request, tokenizer());
  }

  long roughInput() {
    return TokenMeter.estimateInput(request.bytes());
  }

  /** Nobody has looked into what came of an answer. */
  Usage unserved(long input, long answerBytes) {
    return estimated(input, TokenMeter.roughTokens(answerBytes));
  }

  private Tokenizer tokenizer() {
    return Tokenizer.of(candidate.deployment().upstreamModel(), candidate.model().name());
  }

  private Usage estimated(long input, long output) {
    return new Usage(
        Tokens.of(input, possible(output)), UsageSource.ESTIMATED, meter.serviceTier());
  }

  private Usage added(Tokens reported, long output) {
    return new Usage(
        new Tokens(
            reported.input(),
            reported.cacheRead(),
            reported.cacheWrite5m(),
            reported.cacheWrite1h(),
            reported.audioInput(),
            Math.max(reported.output(), possible(reported.output() + output)),
            reported.reasoning(),
            reported.audioOutput()),
        UsageSource.PARTIAL,
        meter.serviceTier());
  }

  /** No answer is longer than its client allows. */
  private long possible(long output) {
    return request.maxTokens() < 0
        ? output
        : Math.min(output, request.maxTokens() * request.choices());
  }
}
