package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.exchange.Stage.Routed;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.ClientGone;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How far the money of a stream reaches that is held part by part, as its output comes. That takes
 * a provider that stops to charge when its call is cancelled, and a stream that shows all that is
 * charged; others are held whole before they begin. Owned by the exchange's event loop.
 *
 * <pre>
 *   0            held(1)          held(2)                      all the output that is allowed
 *   |---------------|---------------|------------------- … ----|
 *           ^ more is asked for, half a part before the end of what is held
 *               ^ a quarter before it nothing more is read until there is an answer
 * </pre>
 */
public final class Growth {

  /** Output tokens of a part. */
  static final long PART_TOKENS = 1_024;

  /**
   * Names of models that are known to think, for manifests that do not say so: they charge for
   * thoughts that nobody is shown, or that are shown in short.
   */
  private static final Pattern THINKS =
      Pattern.compile(
          "(^|[/.:])(o[1-9](-|$)|gpt-([5-9]|oss)|claude-|gemini-(2\\.5|[3-9])|deepseek-r|grok-[3-9])");

  private final WorstCase worst;
  private long covered = PART_TOKENS;
  private int extensions;

  private Growth(WorstCase worst) {
    this.worst = worst;
  }

  /** Empty where all of the worst case has to be held before the call. */
  static Optional<Growth> of(Routed routed, List<BudgetRule> budgets) {
    ClientRequest request = routed.admitted().request();
    WorstCase worst = new WorstCase(request, routed.candidates());
    boolean byParts =
        request.stream()
            && !request.hasInputElsewhere()
            && !budgets.isEmpty()
            && budgets.stream().noneMatch(BudgetRule::clampToFit) // these rather lower the limit
            && routed.candidates().stream().allMatch(Growth::showsWhatItCharges)
            && worst.output() > PART_TOKENS;
    return byParts ? Optional.of(new Growth(worst)) : Optional.empty();
  }

  private static boolean showsWhatItCharges(Candidate candidate) {
    return candidate.provider().onClientGone() == ClientGone.CANCEL
        && candidate.model().traits().isEmpty() // all of them are of models that think
        && !THINKS.matcher(candidate.deployment().upstreamModel()).find();
  }

  /** What is held before the call: the input and a first part of the output. */
  NanoUsd first() {
    return worst.withOutput(PART_TOKENS);
  }

  /** Output tokens that what is held pays for, once there is money for so many and a part more. */
  long reachFrom(long outputTokens) {
    return Math.max(covered, outputTokens) + PART_TOKENS;
  }

  /** What more output costs at the dearest candidate. */
  NanoUsd costUpTo(long reach) {
    return new NanoUsd(
        Math.subtractExact(worst.withOutput(reach).value(), worst.withOutput(covered).value()));
  }

  /** So much output is held for, and stands in the spool. */
  void onHeld(long reach) {
    covered = reach;
    extensions++;
  }

  /** How often more was held. */
  int extensions() {
    return extensions;
  }

  /** From how many output tokens on more has to be asked for. */
  public long askAt() {
    return covered >= worst.output() ? Long.MAX_VALUE : covered - PART_TOKENS / 2;
  }

  /** From how many output tokens on nothing more may be read without an answer. */
  public long stopAt() {
    return covered - PART_TOKENS / 4;
  }
}
