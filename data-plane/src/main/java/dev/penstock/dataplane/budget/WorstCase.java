package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import java.util.List;
import java.util.OptionalLong;

/**
 * The most that an exchange can cost, at the dearest of its candidates: a token for every byte of
 * input, and all the output that is allowed.
 */
record WorstCase(ClientRequest request, List<Candidate> candidates) {

  /** Where neither client nor catalogue limits the output, this is taken for the most it can be. */
  private static final long UNSTATED_MAX_OUTPUT_TOKENS = 32_768;

  /** More than any model takes today. */
  private static final long UNSTATED_CONTEXT_TOKENS = 2_000_000;

  /** Fewer make no answer, and some providers refuse to be asked for fewer. */
  private static final long LEAST_OUTPUT_TOKENS = 16;

  /**
   * With all the output that is allowed.
   *
   * @throws ArithmeticException where that is more than can be counted
   */
  NanoUsd whole() {
    return withLimit(Long.MAX_VALUE);
  }

  /** With no more than so many tokens in each answer. */
  private NanoUsd withLimit(long mostEach) {
    NanoUsd worst = NanoUsd.ZERO;
    for (Candidate candidate : candidates) {
      long each = Math.min(mostEach, maxOutputTokens(candidate.model()));
      NanoUsd cost = cost(candidate, Math.multiplyExact(each, request.choices()));
      worst = cost.compareTo(worst) > 0 ? cost : worst;
    }
    return worst;
  }

  /** With no more than so many tokens in all answers together. */
  NanoUsd withOutput(long most) {
    NanoUsd worst = NanoUsd.ZERO;
    for (Candidate candidate : candidates) {
      NanoUsd cost = cost(candidate, Math.min(most, output()));
      worst = cost.compareTo(worst) > 0 ? cost : worst;
    }
    return worst;
  }

  /** The most tokens that all answers together can have. */
  long output() {
    long most = 0;
    for (Candidate candidate : candidates) {
      most = Math.max(most, maxOutputTokens(candidate.model()));
    }
    return Math.multiplyExact(most, request.choices());
  }

  private NanoUsd cost(Candidate candidate, long output) {
    return candidate
        .price()
        .worstCase(inputTokens(candidate.model()), output, request.serviceTier());
  }

  /**
   * The highest limit of output that an amount pays for; empty where that would be none to speak
   * of, or no lower than it is.
   */
  OptionalLong limitFor(NanoUsd amount) {
    long most = 0;
    for (Candidate candidate : candidates) {
      most = Math.max(most, maxOutputTokens(candidate.model()));
    }
    long least = Math.addExact(request.leastOutput(), LEAST_OUTPUT_TOKENS);
    if (least >= most || withLimit(least).compareTo(amount) > 0) {
      return OptionalLong.empty();
    }
    long enough = least; // what is paid for; what is not lies above `most`
    while (enough < most) {
      long middle = enough + (most - enough + 1) / 2;
      if (withLimit(middle).compareTo(amount) > 0) {
        most = middle - 1;
      } else {
        enough = middle;
      }
    }
    return OptionalLong.of(enough);
  }

  /** What lies at the provider may fill the model's whole context. */
  private long inputTokens(Model model) {
    if (!request.hasInputElsewhere()) {
      return request.bytes();
    }
    return Math.max(
        request.bytes(),
        model.contextTokens() > 0 ? model.contextTokens() : UNSTATED_CONTEXT_TOKENS);
  }

  /** A limit above the model's cannot be reached; one above an unstated limit can. */
  private long maxOutputTokens(Model model) {
    long modelMax =
        model.maxOutputTokens() > 0 ? model.maxOutputTokens() : UNSTATED_MAX_OUTPUT_TOKENS;
    if (request.maxTokens() < 0) {
      return modelMax;
    }
    return model.maxOutputTokens() > 0
        ? Math.min(request.maxTokens(), modelMax)
        : request.maxTokens();
  }
}
