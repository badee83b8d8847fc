package dev.penstock.dataplane.admission;

import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.Principal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Notes what rules in observe mode would have denied. It judges only what enforced rules let pass,
 * so that one exchange is never both denied and would-be denied, and it never stops anything.
 */
final class Observation {

  private final String nodeRegion;
  private final ExchangeMetrics metrics;

  Observation(String nodeRegion, ExchangeMetrics metrics) {
    this.nodeRegion = nodeRegion;
    this.metrics = metrics;
  }

  /** One decision a code, in the record and in the metric. */
  void note(String step, Governed governed, String asked, List<Candidate> candidates, Instant now) {
    ObservedRules rules = governed.policy().policy().observed();
    if (rules.equals(ObservedRules.NONE)) {
      return;
    }
    ExchangeTrace trace = governed.identified().arrived().trace();
    for (Code code : broken(rules, governed, asked, candidates, now)) {
      trace.wouldDeny(step, code);
      metrics.wouldDeny(code.text());
    }
  }

  private Set<Code> broken(
      ObservedRules rules,
      Governed governed,
      String asked,
      List<Candidate> candidates,
      Instant now) {
    Set<Code> broken = EnumSet.noneOf(Code.class);
    Set<String> tags = governed.identified().arrived().trace().caller().tags().keySet();
    if (!tags.containsAll(rules.requiredTags())) {
      broken.add(Code.TAG_REQUIRED);
    }
    if (!rules.allows(asked) || (rules.keyModels() && !keyAllows(governed, asked))) {
      broken.add(Code.MODEL_NOT_ALLOWED);
    }
    if (!rules.mayBeIn(nodeRegion)) {
      broken.add(Code.RESIDENCY_DENIED);
    }
    obstacle(rules, candidates, now).ifPresent(broken::add);
    return broken;
  }

  /** Why no candidate would be left, where none would; the same order as for a denial. */
  private static Optional<Code> obstacle(
      ObservedRules rules, List<Candidate> candidates, Instant now) {
    Set<Code> obstacles = EnumSet.noneOf(Code.class);
    for (Candidate candidate : candidates) {
      Optional<Code> obstacle = obstacle(rules, candidate, now);
      if (obstacle.isEmpty()) {
        return Optional.empty(); // enforced, the exchange would have gone here
      }
      obstacles.add(obstacle.get());
    }
    return Stream.of(Code.UNKNOWN_PRICE, Code.RESIDENCY_DENIED, Code.MODEL_NOT_ALLOWED)
        .filter(obstacles::contains)
        .findFirst();
  }

  private static Optional<Code> obstacle(ObservedRules rules, Candidate candidate, Instant now) {
    if (!rules.allows(candidate.model().name())) {
      return Optional.of(Code.MODEL_NOT_ALLOWED);
    }
    if (!rules.mayBeIn(candidate.provider().region())) {
      return Optional.of(Code.RESIDENCY_DENIED);
    }
    boolean refuses =
        rules.unknownPrice().filter(UnknownPrice.Refuse.class::isInstance).isPresent();
    return refuses
            && ModelAccess.listedPrice(candidate.model(), candidate.deployment(), now).isEmpty()
        ? Optional.of(Code.UNKNOWN_PRICE)
        : Optional.empty();
  }

  static boolean keyAllows(Governed governed, String model) {
    Principal who = governed.identified().who();
    return who.models().isEmpty() || who.models().contains(model);
  }
}
