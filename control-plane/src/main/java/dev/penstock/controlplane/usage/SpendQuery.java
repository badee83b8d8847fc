package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.admin.TimeParameter;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to know about spend.
 *
 * @param step length of a row's time span; absent: one span for all
 */
record SpendQuery(List<Label> groupBy, Instant from, Instant to, Optional<Duration> step) {

  private static final Duration DEFAULT_SPAN = Duration.ofDays(30);
  private static final long MAX_STEPS = 10_000;
  private static final Field AT = Field.ofView("at", Type.TIME);
  private static final List<Field> SUMS =
      List.of(
          Field.ofView("requests", Type.LONG),
          Field.ofView("costNanoUsd", Type.DECIMAL),
          Field.ofView("ttftP50Micros", Type.LONG),
          Field.ofView("ttftP95Micros", Type.LONG),
          new Field("tokens.input", "/tokens/input", Type.LONG),
          new Field("tokens.output", "/tokens/output", Type.LONG));
  private static final Pattern STEP = Pattern.compile("([1-9][0-9]{0,5})([mhd])");

  /** What rows can be grouped by: the API's word and the column. */
  enum Label {
    TENANT("tenant", "tenant"),
    API_KEY("apiKey", "api_key"),
    MODEL("model", "model"),
    PROVIDER("provider", "provider"),
    REGION("region", "region");

    final String word;
    final String column;

    Label(String word, String column) {
      this.word = word;
      this.column = column;
    }

    private static Label of(String word) {
      return Arrays.stream(values())
          .filter(label -> label.word.equals(word))
          .findFirst()
          .orElseThrow(() ->
              ProblemException.badRequest(
                  "groupBy",
                  "expected some of " + Arrays.stream(values()).map(label -> label.word).toList()));
    }
  }

  /** Reads the parameters; a span is widened to whole buckets of the roll-up. */
  static SpendQuery of(
      @Nullable String groupBy,
      @Nullable String from,
      @Nullable String to,
      @Nullable String step,
      Instant now) {
    List<Label> labels =
        groupBy == null || groupBy.isEmpty()
            ? List.of()
            : Arrays.stream(groupBy.split(",", -1)).map(Label::of).distinct().toList();
    Instant end = TimeParameter.of("to", to).orElse(now);
    Instant start = TimeParameter.of("from", from).orElseGet(() -> end.minus(DEFAULT_SPAN));
    Optional<Duration> width = Optional.ofNullable(step).map(SpendQuery::duration);
    if (!start.isBefore(end)) {
      throw ProblemException.badRequest("from", "expected to be before `to`");
    }
    if (width.isPresent() && Duration.between(start, end).dividedBy(width.get()) > MAX_STEPS) {
      throw ProblemException.badRequest("step", "expected at most " + MAX_STEPS + " steps");
    }
    return new SpendQuery(labels, bucketOf(start), end, width);
  }

  /** What rows can be filtered by and sorted by. */
  List<Field> fields() {
    List<Field> fields = new ArrayList<>(labels());
    fields.add(AT);
    fields.addAll(SUMS);
    return fields;
  }

  /** The order of the rows where none is asked for. */
  List<SortKey> order() {
    return Stream.concat(Stream.of(AT), labels().stream()).map(SortKey::up).toList();
  }

  private List<Field> labels() {
    return groupBy.stream().map(label -> Field.ofView(label.word, Type.TEXT)).toList();
  }

  private static Instant bucketOf(Instant instant) {
    long second = instant.getEpochSecond();
    return Instant.ofEpochSecond(second - Math.floorMod(second, SpendSums.BUCKET.toSeconds()));
  }

  private static Duration duration(String text) {
    Matcher matcher = STEP.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (duration.toSeconds() % SpendSums.BUCKET.toSeconds() == 0) {
        return duration;
      }
    }
    throw ProblemException.badRequest(
        "step", "expected a multiple of 5 minutes such as 5m, 1h or 1d");
  }
}
