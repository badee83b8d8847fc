package dev.penstock.controlplane.budget;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Durations;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The time that a budget's amount is for: a manifest's {@code window}. */
public sealed interface Span {

  /** What a manifest without a word about it would mean, once it has been refused. */
  Span MONTH = new Calendar("month", "UTC");

  /**
   * One after the other, each with the whole amount.
   *
   * @param every {@code hour}, {@code day}, {@code week}, {@code month}, {@code quarter} or {@code
   *     year}
   * @param timeZone in which they begin and end
   */
  record Calendar(String every, String timeZone) implements Span {
    public Calendar {
      Objects.requireNonNull(every, "every");
      Objects.requireNonNull(timeZone, "timeZone");
    }

    @Override
    public String each() {
      return "a " + every;
    }

    @Override
    public String words() {
      return "by %s in %s".formatted(every, timeZone);
    }
  }

  /**
   * What was spent counts for so long, to a twenty-fourth of it.
   *
   * @param length whole seconds
   */
  record Rolling(Duration length) implements Span {
    static final Duration LEAST = Duration.ofHours(1);
    static final Duration MOST = Duration.ofDays(366);

    public Rolling {
      Objects.requireNonNull(length, "length");
    }

    @Override
    public String each() {
      return "within " + Durations.format(length);
    }

    @Override
    public String words() {
      return "the last " + Durations.format(length);
    }
  }

  /** After an amount, as in {@code 5.00 USD a month}. */
  String each();

  /** For a sentence, as in {@code counts by month in UTC}. */
  String words();

  /** Of a manifest's {@code window}; refuses what it cannot be. */
  static Span read(Spec window) {
    if (!window.has("rolling")) {
      if (!window.has("every")) {
        window.refuse("every", "is missing (expected: `every` or `rolling`)");
      }
      Set<String> words = Set.of("hour", "day", "week", "month", "quarter", "year");
      return new Calendar(
          window.word("every", words).orElse("month"), window.timeZone("timeZone").orElse("UTC"));
    }
    if (window.has("every")) {
      window.refuse("every", "a window rolls or has a calendar (expected: `every` or `rolling`)");
    }
    return window
        .duration("rolling", Rolling.LEAST, Rolling.MOST)
        .<Span>map(length -> new Rolling(length.truncatedTo(ChronoUnit.SECONDS)))
        .orElse(MONTH);
  }

  /** As a manifest writes it. */
  static ObjectNode write(Span span) {
    return switch (span) {
      case Calendar(String every, String timeZone) ->
          new SpecWriter().text("every", every).text("timeZone", timeZone).done();
      case Rolling(Duration length) ->
          new SpecWriter().duration("rolling", Optional.of(length)).done();
    };
  }
}
