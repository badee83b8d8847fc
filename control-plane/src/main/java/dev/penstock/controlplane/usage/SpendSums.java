package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.usage.SpendTags.Tagged;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What records add up to, per bucket of every grain: by labels, and by each of their tags. Rows are
 * locked in the order of these maps and in no other, so that two batches never wait for each other
 * in a circle.
 */
final class SpendSums {

  /** Further off than this, a node's clock is not believed and the time of receipt counts. */
  static final Duration BELIEVED_PAST = Duration.ofDays(35);

  private static final Duration BELIEVED_FUTURE = Duration.ofDays(1);

  private final SortedMap<LabelKey, UsageSum> byLabels = new TreeMap<>();
  private final SortedMap<TagKey, UsageSum> byTag = new TreeMap<>();

  /** One row by labels. */
  record LabelKey(
      Grain grain,
      Instant bucket,
      String tenant,
      String apiKey,
      String subject,
      String model,
      String provider,
      String region)
      implements Comparable<LabelKey> {

    private static final Comparator<LabelKey> ORDER =
        Comparator.comparing(LabelKey::grain)
            .thenComparing(LabelKey::bucket)
            .thenComparing(LabelKey::tenant)
            .thenComparing(LabelKey::apiKey)
            .thenComparing(LabelKey::subject)
            .thenComparing(LabelKey::model)
            .thenComparing(LabelKey::provider)
            .thenComparing(LabelKey::region);

    @Override
    public int compareTo(LabelKey other) {
      return ORDER.compare(this, other);
    }
  }

  /** One row by a tag. */
  record TagKey(
      Grain grain,
      Instant bucket,
      String tenant,
      String tag,
      String value,
      String model,
      String provider)
      implements Comparable<TagKey> {

    private static final Comparator<TagKey> ORDER =
        Comparator.comparing(TagKey::grain)
            .thenComparing(TagKey::bucket)
            .thenComparing(TagKey::tenant)
            .thenComparing(TagKey::tag)
            .thenComparing(TagKey::value)
            .thenComparing(TagKey::model)
            .thenComparing(TagKey::provider);

    @Override
    public int compareTo(TagKey other) {
      return ORDER.compare(this, other);
    }
  }

  /** A record and the time that it counts in. */
  record Timed(RequestRecord record, Instant at) {

    /** A record as it was received: late ones count when they were, impossible ones now. */
    static Timed of(RequestRecord record, Instant receivedAt) {
      boolean believed =
          record.at().isAfter(receivedAt.minus(BELIEVED_PAST))
              && record.at().isBefore(receivedAt.plus(BELIEVED_FUTURE));
      return new Timed(record, believed ? record.at() : receivedAt);
    }

    private List<Tagged> tags() {
      LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
      List<Tagged> tags = new ArrayList<>();
      record
          .caller()
          .tags()
          .forEach((tag, value) -> tags.add(new Tagged(day, record.caller().tenant(), tag, value)));
      return tags;
    }
  }

  /** Every tag of some records, once. */
  static Set<Tagged> tagsOf(List<Timed> records) {
    Set<Tagged> tags = new HashSet<>();
    records.forEach(each -> tags.addAll(each.tags()));
    return tags;
  }

  /**
   * Adds a record.
   *
   * @param rowsOfTheirOwn the tags that have them; the values of others are added together
   */
  void add(Timed timed, Set<Tagged> rowsOfTheirOwn) {
    RequestRecord record = timed.record();
    String provider = record.target().provider();
    List<Tagged> tags = timed.tags();
    for (Grain grain : Grain.values()) {
      sum(byLabels, labels(timed, grain, record.model(), provider)).add(record);
      for (Tagged tag : tags) {
        String value = rowsOfTheirOwn.contains(tag) ? tag.value() : SpendTags.OTHERS;
        sum(
                byTag,
                new TagKey(
                    grain,
                    grain.floor(timed.at()),
                    record.caller().tenant(),
                    tag.tag(),
                    value,
                    record.model(),
                    provider))
            .add(record);
      }
    }
    record.attempts().stream()
        .filter(attempt -> attempt.borneNanoUsd() > 0)
        .forEach(attempt -> addBorne(timed, attempt));
  }

  /** In the rows of its own model and provider; not by tag. */
  private void addBorne(Timed timed, RequestRecord.Attempt attempt) {
    for (Grain grain : Grain.values()) {
      sum(byLabels, labels(timed, grain, attempt.model(), attempt.provider()))
          .addBorne(attempt.borneNanoUsd());
    }
  }

  private static LabelKey labels(Timed timed, Grain grain, String model, String provider) {
    RequestRecord.Caller caller = timed.record().caller();
    return new LabelKey(
        grain,
        grain.floor(timed.at()),
        caller.tenant(),
        caller.apiKey(),
        caller.subject(),
        model,
        provider,
        timed.record().nodeRegion());
  }

  private static <K> UsageSum sum(Map<K, UsageSum> sums, K key) {
    return sums.computeIfAbsent(key, none -> new UsageSum());
  }

  SortedMap<LabelKey, UsageSum> byLabels() {
    return byLabels;
  }

  SortedMap<TagKey, UsageSum> byTag() {
    return byTag;
  }
}
