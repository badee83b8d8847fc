package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.usage.SpendTags.Tagged;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * What records add up to, per bucket of every grain: by labels, and by each of their tags. A record
 * is added to the shortest bucket alone; longer ones are added up from those.
 */
final class SpendSums {

  private final Map<LabelKey, UsageSum> byLabels = new HashMap<>();
  private final Map<TagKey, UsageSum> byTag = new HashMap<>();

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

    private LabelKey in(Grain longer) {
      return new LabelKey(
          longer, longer.floor(bucket), tenant, apiKey, subject, model, provider, region);
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

    private TagKey in(Grain longer) {
      return new TagKey(longer, longer.floor(bucket), tenant, tag, value, model, provider);
    }
  }

  /** Every tag of some records, once. */
  static Set<Tagged> tagsOf(Collection<Used> records) {
    Set<Tagged> tags = new HashSet<>();
    records.forEach(record -> tags.addAll(record.tagged()));
    return tags;
  }

  /**
   * Adds a record.
   *
   * @param rowsOfTheirOwn the tags that have them; the values of others are added together
   */
  void add(Used record, Set<Tagged> rowsOfTheirOwn) {
    sum(byLabels, labels(record, record.model(), record.provider())).add(record);
    for (Tagged tag : record.tagged()) {
      String value = rowsOfTheirOwn.contains(tag) ? tag.value() : SpendTags.OTHERS;
      sum(byTag, tagged(record, tag.tag(), value)).add(record);
    }
    for (Used.Borne borne : record.borne()) { // in the rows of its own model and provider
      sum(byLabels, labels(record, borne.model(), borne.provider())).addBorne(borne.nanoUsd());
    }
  }

  private static LabelKey labels(Used record, String model, String provider) {
    return new LabelKey(
        Grain.FIVE_MINUTES,
        Grain.FIVE_MINUTES.floor(record.at()),
        record.tenant(),
        record.apiKey(),
        record.subject(),
        model,
        provider,
        record.region());
  }

  private static TagKey tagged(Used record, String tag, String value) {
    return new TagKey(
        Grain.FIVE_MINUTES,
        Grain.FIVE_MINUTES.floor(record.at()),
        record.tenant(),
        tag,
        value,
        record.model(),
        record.provider());
  }

  private static <K> UsageSum sum(Map<K, UsageSum> sums, K key) {
    return sums.computeIfAbsent(key, none -> new UsageSum());
  }

  /** Of all grains, in the order in which rows are locked. */
  SortedMap<LabelKey, UsageSum> byLabels() {
    return ofAllGrains(byLabels, LabelKey::in);
  }

  /** Of all grains, in the order in which rows are locked. */
  SortedMap<TagKey, UsageSum> byTag() {
    return ofAllGrains(byTag, TagKey::in);
  }

  private static <K> SortedMap<K, UsageSum> ofAllGrains(
      Map<K, UsageSum> shortest, BiFunction<K, Grain, K> in) {
    SortedMap<K, UsageSum> all = new TreeMap<>();
    for (Grain grain : Grain.values()) {
      Map<K, UsageSum> ofGrain = new HashMap<>();
      shortest.forEach((key, sum) -> sum(ofGrain, in.apply(key, grain)).add(sum));
      all.putAll(ofGrain);
    }
    return all;
  }
}
