package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.manifest.Durations;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The guards themselves; whom they bind is the tenants' matter. No sentence quotes a term or a
 * pattern.
 */
final class GuardSentences {

  private GuardSentences() {}

  static void write(World old, World now, Report report) {
    Set<ResourceRef> refs = new HashSet<>(old.guards().keySet());
    refs.addAll(now.guards().keySet());
    refs.stream()
        .sorted(Comparator.comparing(ResourceRef::toString))
        .forEach(ref -> {
          StatedGuard before = old.guards().get(ref);
          StatedGuard after = now.guards().get(ref);
          if (!Objects.equals(before, after)) {
            SortedSet<String> bound = (after == null ? old : now).guardedBy(ref);
            report.touchAll(bound);
            write(ref.owner() + "/" + ref.name(), before, after, bound.size(), report);
          }
        });
  }

  private static void write(
      String name,
      @Nullable StatedGuard before,
      @Nullable StatedGuard after,
      int bound,
      Report report) {
    if (after == null) {
      report.say("guard %s is deleted", name);
    } else if (before == null) {
      report.say("guard %s is created: %s", name, told(after));
    } else if (told(before).equals(told(after))) {
      report.say(
          "guard %s, which binds %s, looks for other words or patterns", name, tenants(bound));
    } else {
      report.say(
          "guard %s, which binds %s, now has: %s (was: %s)",
          name, tenants(bound), told(after), told(before));
    }
  }

  private static String tenants(int count) {
    return count == 1 ? "1 tenant" : count + " tenants";
  }

  private static String told(StatedGuard guard) {
    return guard.detectors().stream()
            .map(GuardSentences::told)
            .collect(Collectors.joining("; then "))
        + ", in "
        + guard.on().stream().map(GuardSentences::told).collect(Collectors.joining(" and "))
        + told(guard.unscannable());
  }

  private static String told(Side side) {
    return switch (side) {
      case INPUT -> "requests";
      case OUTPUT -> "answers";
    };
  }

  private static String told(Unscannable unscannable) {
    return switch (unscannable) {
      case ALLOW -> "; images, sounds and files go on unrecorded";
      case FLAG -> "";
      case REFUSE -> "; refuse images, sounds and files";
    };
  }

  private static String told(Detector detector) {
    String what =
        switch (detector) {
          case Detector.Pii pii ->
              String.join(" or ", pii.entities().stream().map(PiiEntity::word).toList());
          case Detector.Secrets secrets -> "secrets";
          case Detector.Terms terms ->
              terms.terms().size() == 1 ? "1 term" : terms.terms().size() + " terms";
          case Detector.Matching matching -> "what a pattern matches";
          case Detector.Injection injection -> "attempts at prompt injection";
          case Detector.Size size -> "texts of more than " + size.maxCharacters() + " characters";
          case Detector.Http http ->
              "what %s finds (asked within %s, %d at once; without a verdict %s)"
                  .formatted(
                      http.url(),
                      Durations.format(http.timeout()),
                      http.maxConcurrent(),
                      http.onFailure().word());
        };
    return detector.action().word() + " " + what;
  }
}
