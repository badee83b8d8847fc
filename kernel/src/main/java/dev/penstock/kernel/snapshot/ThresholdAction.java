package dev.penstock.kernel.snapshot;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What happens once so much of a budget is spent; the words of manifests and of the wire. */
public enum ThresholdAction {
  /** Somebody is told. */
  ALERT,
  /** Requests go by another, cheaper route. */
  ROUTE,
  /** Requests are refused. */
  CAP;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ThresholdAction> of(String word) {
    return Arrays.stream(values()).filter(action -> action.word().equals(word)).findFirst();
  }
}
