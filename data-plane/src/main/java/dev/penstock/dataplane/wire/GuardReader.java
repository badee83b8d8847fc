package dev.penstock.dataplane.wire;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.BadDetector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.OnFailure;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import dev.penstock.proto.policy.v1.Detector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads and compiles one guard. */
final class GuardReader {

  private GuardReader() {}

  /**
   * @throws IllegalArgumentException where the guard asks for what this build does not know; never
   *     quotes a term or pattern
   */
  static Guard guard(String tenant, dev.penstock.proto.policy.v1.Guard from) {
    String where = "guard " + from.getName();
    List<dev.penstock.kernel.guard.Detector> detectors = new ArrayList<>();
    for (Detector detector : from.getDetectorsList()) {
      detectors.add(detector("%s: detectors[%d]".formatted(where, detectors.size()), detector));
    }
    try {
      return new Guard(
          tenant,
          from.getName(),
          sides(where, from.getOnList()),
          unscannable(where, from.getUnscannable()),
          detectors);
    } catch (BadDetector bad) {
      throw new IllegalArgumentException(
          "%s: %s %s".formatted(where, bad.field(), bad.getMessage()), bad);
    }
  }

  /** A control plane that does not say it has none that refuses. */
  private static Unscannable unscannable(String where, String word) {
    return word.isEmpty()
        ? Unscannable.FLAG
        : Unscannable.of(word).orElseThrow(() -> unknown(where, "unscannable", word));
  }

  private static Set<Side> sides(String where, List<String> words) {
    Set<Side> sides = EnumSet.noneOf(Side.class);
    for (String word : words) {
      sides.add(
          Side.of(word)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "%s: looks at %s (this build looks at %s)"
                          .formatted(where, words, Side.words()))));
    }
    return sides;
  }

  private static dev.penstock.kernel.guard.Detector detector(String where, Detector from) {
    Action action =
        Action.of(from.getAction()).orElseThrow(() -> unknown(where, "action", from.getAction()));
    return switch (from.getType()) {
      case dev.penstock.kernel.guard.Detector.Pii.TYPE ->
          new dev.penstock.kernel.guard.Detector.Pii(
              from.getEntitiesList().stream()
                  .map(word -> PiiEntity.of(word).orElseThrow(() -> unknown(where, "entity", word)))
                  .toList(),
              action);
      case dev.penstock.kernel.guard.Detector.Injection.TYPE ->
          new dev.penstock.kernel.guard.Detector.Injection(action);
      case dev.penstock.kernel.guard.Detector.Size.TYPE ->
          new dev.penstock.kernel.guard.Detector.Size(from.getMaxCharacters(), action);
      case dev.penstock.kernel.guard.Detector.Http.TYPE ->
          new dev.penstock.kernel.guard.Detector.Http(
              from.getUrl(),
              Duration.ofMillis(Integer.toUnsignedLong(from.getTimeoutMs())),
              OnFailure.of(from.getOnFailure())
                  .orElseThrow(() -> unknown(where, "on_failure", from.getOnFailure())),
              from.getMaxConcurrent(),
              action);
      case dev.penstock.kernel.guard.Detector.Secrets.TYPE ->
          new dev.penstock.kernel.guard.Detector.Secrets(action);
      case dev.penstock.kernel.guard.Detector.Terms.TYPE ->
          new dev.penstock.kernel.guard.Detector.Terms(from.getTermsList(), action);
      case dev.penstock.kernel.guard.Detector.Matching.TYPE ->
          new dev.penstock.kernel.guard.Detector.Matching(from.getPattern(), action);
      default -> throw unknown(where, "type", from.getType());
    };
  }

  private static IllegalArgumentException unknown(String where, String what, String word) {
    return new IllegalArgumentException(
        "%s has the %s %s, unknown here".formatted(where, what, word));
  }
}
