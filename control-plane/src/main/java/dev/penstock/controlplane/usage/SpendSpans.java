package dev.penstock.controlplane.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From which buckets a time is added up: the longest that fit, so that a year is not read in pieces
 * of five minutes.
 */
final class SpendSpans {

  /** Buckets of one grain, from one beginning to before another. */
  record Span(Grain grain, Instant from, Instant before) {}

  private SpendSpans() {}

  /**
   * Spans that do not overlap and leave nothing out.
   *
   * @param from a beginning of five minutes
   * @param before another, after it
   * @param step where rows are cut, counted from {@code from}; no bucket may lie across a cut
   */
  static List<Span> of(Instant from, Instant before, Optional<Duration> step) {
    List<Span> spans = new ArrayList<>();
    cover(spans, Grain.DAY, from, before, new Cuts(from, step));
    return spans;
  }

  private record Cuts(Instant from, Optional<Duration> step) {
    boolean spare(Grain grain) {
      return step.isEmpty() || (grain.divides(step.get()) && grain.floor(from).equals(from));
    }
  }

  private static void cover(
      List<Span> spans, Grain grain, Instant from, Instant before, Cuts cuts) {
    if (!from.isBefore(before)) {
      return;
    }
    if (grain == Grain.FIVE_MINUTES) {
      spans.add(new Span(grain, from, before));
      return;
    }
    Grain finer = Grain.values()[grain.ordinal() - 1];
    Instant first = grain.ceiling(from);
    Instant last = grain.floor(before);
    if (!cuts.spare(grain) || !first.isBefore(last)) {
      cover(spans, finer, from, before, cuts);
      return;
    }
    cover(spans, finer, from, first, cuts);
    spans.add(new Span(grain, first, last));
    cover(spans, finer, last, before, cuts);
  }
}
