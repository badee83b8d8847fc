package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.admin.TimeParameter;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.Filter;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What somebody wants to know about spend.
 *
 * @param tag the one tag that is grouped or filtered by
 * @param from the beginning of five minutes
 * @param before another; the last bucket is the one before it
 * @param step length of a row's time span; absent: one span for all
 * @param list filters, order and page
 */
record SpendQuery(
    List<SpendLabel> groupBy,
    Optional<SpendLabel.Tag> tag,
    Instant from,
    Instant before,
    Optional<Duration> step,
    ListQuery list) {

  static final Set<String> OWN = Set.of("groupBy", "from", "to", "step", "under");

  private static final Duration DEFAULT_SPAN = Duration.ofDays(30);
  private static final long MAX_STEPS = 10_000;
  private static final Field AT = new Field("at", "step_at", Type.TIME);

  /** What is added up and can be filtered and sorted by, beside the labels. */
  private static final List<Field> SUMS =
      List.of(
          new Field("requests", "requests", Type.LONG),
          new Field("costNanoUsd", "cost_nusd", Type.DECIMAL),
          new Field("borneNanoUsd", "borne_nusd", Type.DECIMAL),
          new Field("ttftP50Micros", "ttft_p50", Type.LONG),
          new Field("ttftP95Micros", "ttft_p95", Type.LONG),
          new Field("tokens.input", "input_tokens", Type.LONG),
          new Field("tokens.output", "output_tokens", Type.LONG));

  private static final Pattern STEP = Pattern.compile("([1-9][0-9]{0,5})([mhd])");

  SpendQuery {
    groupBy = List.copyOf(groupBy);
  }

  /** Reads the parameters; the time is widened to whole buckets of five minutes. */
  static SpendQuery of(Map<String, List<String>> parameters, Instant now, Paging paging) {
    Function<String, Optional<String>> one = name -> first(parameters, name);
    List<SpendLabel> groupBy = SpendLabel.list(one.apply("groupBy").orElse(""));
    Instant end = TimeParameter.of("to", one.apply("to").orElse(null)).orElse(now);
    Instant start =
        TimeParameter.of("from", one.apply("from").orElse(null))
            .orElseGet(() -> end.minus(DEFAULT_SPAN));
    Optional<Duration> step = one.apply("step").map(SpendQuery::duration);
    if (!start.isBefore(end)) {
      throw ProblemException.badRequest("from", "expected to be before `to`");
    }
    if (step.isPresent() && Duration.between(start, end).dividedBy(step.get()) >= MAX_STEPS) {
      throw ProblemException.badRequest("step", "expected at most " + MAX_STEPS + " steps");
    }
    ListQuery list = paging.read(parameters, fields(groupBy, parameters.keySet()), order(groupBy));
    return new SpendQuery(
        groupBy,
        tag(groupBy, list),
        Grain.FIVE_MINUTES.floor(start),
        Grain.FIVE_MINUTES.ceiling(end),
        step,
        list);
  }

  /** The same, of the rows after one. */
  SpendQuery after(SpendRow last) {
    return new SpendQuery(groupBy, tag, from, before, step, list.after(keysOf(last)));
  }

  /** By what a row has its place in the order. */
  List<Optional<Comparable<?>>> keysOf(SpendRow row) {
    return list.sort().stream()
        .<Optional<Comparable<?>>>map(key -> Optional.of(row.value(key.field())))
        .toList();
  }

  /** How much of the rows is answered. */
  interface Paging {
    ListQuery read(Map<String, List<String>> parameters, List<Field> fields, List<SortKey> usual);
  }

  private static Optional<String> first(Map<String, List<String>> parameters, String name) {
    return parameters.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** Every label can be filtered by; only those that rows show can be sorted by. */
  private static List<Field> fields(List<SpendLabel> groupBy, Set<String> parameters) {
    Stream<SpendLabel> labels =
        Stream.of(
                groupBy.stream(),
                Arrays.stream(SpendLabel.Plain.values()),
                parameters.stream().map(SpendLabel::named).flatMap(Optional::stream))
            .flatMap(Function.identity());
    return Stream.concat(
            Stream.concat(Stream.of(AT), labels.distinct().map(SpendLabel::field)), SUMS.stream())
        .toList();
  }

  private static List<SortKey> order(List<SpendLabel> groupBy) {
    return Stream.concat(Stream.of(AT), groupBy.stream().map(SpendLabel::field))
        .map(SortKey::up)
        .toList();
  }

  /** The one tag; refuses what the sums by tag cannot tell. */
  private static Optional<SpendLabel.Tag> tag(List<SpendLabel> groupBy, ListQuery list) {
    List<SpendLabel> used = new ArrayList<>(groupBy);
    list.filters().stream()
        .map(filter -> SpendLabel.named(filter.field().name()))
        .flatMap(Optional::stream)
        .forEach(used::add);
    for (SortKey key : list.sort()) {
      Optional<SpendLabel> label = SpendLabel.named(key.field().name());
      if (label.isPresent() && !groupBy.contains(label.get())) {
        throw ProblemException.badRequest(
            "sort", key.field().name() + " is not in groupBy: add it there");
      }
    }
    List<SpendLabel.Tag> tags =
        used.stream()
            .filter(SpendLabel.Tag.class::isInstance)
            .map(SpendLabel.Tag.class::cast)
            .distinct()
            .toList();
    if (tags.size() > 1) {
      throw ProblemException.badRequest(
          tags.get(1).word(),
          "one tag at a time: leave it or %s out".formatted(tags.get(0).word()));
    }
    if (!tags.isEmpty()) {
      used.stream()
          .filter(label -> !label.goesWithTags())
          .findFirst()
          .ifPresent(label -> {
            throw ProblemException.badRequest(
                label.word(),
                "%s goes with tenant, model and provider only: leave one of both out"
                    .formatted(tags.getFirst().word()));
          });
    }
    return tags.stream().findFirst();
  }

  /** Conditions on requests, before they are added up. */
  List<Filter> ofRequests() {
    return list.filters().stream().filter(SpendQuery::isOfRequests).toList();
  }

  /** Conditions on rows. */
  List<Filter> ofRows() {
    return list.filters().stream().filter(filter -> !isOfRequests(filter)).toList();
  }

  private static boolean isOfRequests(Filter filter) {
    return SpendLabel.named(filter.field().name()).isPresent();
  }

  private static Duration duration(String text) {
    Optional<Duration> word =
        switch (text) {
          case "hour" -> Optional.of(Grain.HOUR.length());
          case "day" -> Optional.of(Grain.DAY.length());
          default -> Optional.empty();
        };
    Matcher matcher = STEP.matcher(text);
    if (word.isEmpty() && matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      word =
          Optional.of(
                  switch (matcher.group(2)) {
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                  })
              .filter(Grain.FIVE_MINUTES::divides);
    }
    return word.orElseThrow(() ->
        ProblemException.badRequest(
            "step", "expected `hour`, `day`, or a multiple of 5 minutes such as 5m, 6h or 7d"));
  }
}
