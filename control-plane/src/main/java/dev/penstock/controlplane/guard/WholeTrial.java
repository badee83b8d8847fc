package dev.penstock.controlplane.guard;

import dev.penstock.controlplane.guard.Trial.Blocked;
import dev.penstock.controlplane.guard.Trial.Find;
import dev.penstock.controlplane.guard.Trial.Whole;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.Redaction;
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

  private final Guard guard;
  private final String text;
  private final List<Find> finds = new ArrayList<>();
  private final List<Redaction> toRedact = new ArrayList<>();

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
      toRedact.add(new Redaction(start, end, rule.placeholder()));
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
    return new Whole(Redaction.applied(text, Redaction.merged(toRedact)), null);
  }

  /** By a detector; {@code start} is where what it found begins. */
  static Blocked blocked(int detector, String rule, long start) {
    return new Blocked(
        "Detector %d (%s) found something at character %d.".formatted(detector, rule, start + 1),
        detector);
  }
}
