package dev.penstock.controlplane.budget;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.kernel.snapshot.ThresholdAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Thresholds as manifests write them: {@code {at: 95%, action: route, route: assistant-cheap}}. */
final class ThresholdText {

  private static final int MOST = 16;
  private static final Pattern PERCENT = Pattern.compile("([1-9][0-9]?|100)%");
  private static final String ROUTE = "route";
  private static final Set<String> ACTIONS =
      Set.of(
          ThresholdAction.ALERT.word(), ThresholdAction.ROUTE.word(), ThresholdAction.CAP.word());

  private ThresholdText() {}

  /** Ascending; the cap at the end stands there in any case. */
  static List<Threshold> read(Spec budget) {
    List<Threshold> read = new ArrayList<>();
    List<Spec> stated = budget.objects("thresholds");
    if (stated.size() > MOST) {
      budget.refuse("thresholds", "expected at most " + MOST);
    }
    for (Spec threshold : stated) {
      Threshold one = readOne(threshold);
      if (read.stream().anyMatch(other -> Threshold.ORDER.compare(one, other) == 0)) {
        threshold.refuse("at", "stands twice with this action");
      }
      read.add(one);
      threshold.end();
    }
    if (!read.contains(Threshold.CAP)) {
      read.add(Threshold.CAP);
    }
    return read.stream().sorted(Threshold.ORDER).toList();
  }

  private static Threshold readOne(Spec threshold) {
    int percent = percent(threshold);
    if (!threshold.has("action")) {
      threshold.refuse("action", "is missing");
    }
    ThresholdAction action =
        threshold
            .word("action", ACTIONS)
            .flatMap(ThresholdAction::of)
            .orElse(ThresholdAction.ALERT);
    if (action == ThresholdAction.CAP && percent != Threshold.CAP.atPercent()) {
      threshold.refuse("at", "expected 100%: to cap sooner, lower the amount");
    }
    if (action == ThresholdAction.ROUTE) {
      return new Threshold(percent, action, threshold.requiredName(ROUTE));
    }
    threshold.refuseIfPresent(ROUTE, "only the action `route` has one");
    return new Threshold(percent, action, "");
  }

  private static int percent(Spec threshold) {
    Optional<String> text = threshold.text("at");
    if (text.isEmpty() && !threshold.has("at")) {
      threshold.refuse("at", "is missing");
    }
    Matcher percent = PERCENT.matcher(text.orElse("100%"));
    if (!percent.matches()) {
      threshold.refuse("at", "expected 1% to 100%, such as 80%");
      return Threshold.CAP.atPercent();
    }
    return Integer.parseInt(percent.group(1));
  }

  static List<ObjectNode> write(List<Threshold> thresholds) {
    return thresholds.stream()
        .map(each ->
            new SpecWriter()
                .text("at", each.atPercent() + "%")
                .text("action", each.action().word())
                .text(ROUTE, Optional.of(each.route()).filter(route -> !route.isEmpty()))
                .done())
        .toList();
  }
}
