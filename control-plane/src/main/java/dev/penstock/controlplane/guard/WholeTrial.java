package dev.penstock.controlplane.guard;

import dev.penstock.controlplane.guard.Trial.Blocked;
import dev.penstock.controlplane.guard.Trial.Find;
import dev.penstock.controlplane.guard.Trial.Whole;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.Rule;
import dev.penstock.kernel.guard.ScanBudget;
import dev.penstock.kernel.guard.SearchText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A guard searches a text in one piece, as nodes search those of a request. Of one thread. */
final class WholeTrial {

  /** So many placeholders a request may need at a node. */
  private static final int MAX_REDACTIONS = 10_000;

  private record Match(int start, int end, String placeholder) {}

  private final Guard guard;
  private final String text;
  private final List<Find> finds = new ArrayList<>();
  private final List<Match> toRedact = new ArrayList<>();

  private WholeTrial(Guard guard, String text) {
    this.guard = guard;
    this.text = text;
  }

  /**
   * @throws ScanBudget.Exceeded if it takes more work than a request may cause
   */
  static WholeTrial of(Guard guard, String text) {
    WholeTrial trial = new WholeTrial(guard, text);
    guard.search(new SearchText(text), ScanBudget.ofRequest(), trial::found);
    trial.finds.sort(Comparator.comparingInt(Find::detector).thenComparingInt(Find::start));
    return trial;
  }

  private void found(int detector, Rule rule, int start, int end) {
    Detector stated = guard.detectors().get(detector);
    finds.add(new Find(detector, stated.type(), rule.name(), stated.action().word(), start, end));
    if (stated.action() == Action.REDACT) {
      toRedact.add(new Match(start, end, rule.placeholder()));
    }
  }

  /** In the order of the detectors, and then of the text. */
  List<Find> finds() {
    return finds;
  }

  Whole whole() {
    Optional<Find> blocking =
        finds.stream().filter(find -> find.action().equals(Action.BLOCK.word())).findFirst();
    if (blocking.isPresent()) {
      Find find = blocking.get();
      return new Whole(null, blocked(find.detector(), find.rule(), find.start()));
    }
    if (toRedact.size() > MAX_REDACTIONS) {
      String reason = "More than %d passages would have to be redacted.".formatted(MAX_REDACTIONS);
      return new Whole(null, new Blocked(reason, null));
    }
    return new Whole(redacted(), null);
  }

  /** By a detector; {@code start} is where what it found begins. */
  static Blocked blocked(int detector, String rule, long start) {
    return new Blocked(
        "Detector %d (%s) found something at character %d.".formatted(detector, rule, start + 1),
        detector);
  }

  /** What overlaps is one: of what begins first, else of the longer one. */
  private String redacted() {
    toRedact.sort(
        Comparator.comparingInt(Match::start)
            .thenComparing(Comparator.comparingInt(Match::end).reversed()));
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    for (Match match : toRedact) {
      if (match.start() >= copied) {
        out.append(text, copied, match.start()).append(match.placeholder());
      }
      copied = Math.max(copied, match.end());
    }
    return out.append(text, copied, text.length()).toString();
  }
}
