package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.usage.SpendTags.Tagged;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * What of a stored record is added up.
 *
 * @param at the time that it counts in
 * @param region of the node
 * @param ttftMicros to the first token that was delivered; 0: none was
 * @param costNanoUsd what the tenant is charged
 * @param borne what attempts cost that did not serve
 */
record Used(
    Instant at,
    String tenant,
    String apiKey,
    String subject,
    String region,
    String model,
    String provider,
    Map<String, String> tags,
    RequestTokens tokens,
    long ttftMicros,
    long costNanoUsd,
    List<Borne> borne) {

  /** Further off than this, a node's clock is not believed and the time of receipt counts. */
  static final Duration BELIEVED_PAST = Duration.ofDays(35);

  private static final Duration BELIEVED_FUTURE = Duration.ofDays(1);

  Used {
    tags = Map.copyOf(tags);
    borne = List.copyOf(borne);
  }

  /** What one attempt cost that did not serve, nano-USD: above 0, and borne by the platform. */
  record Borne(String model, String provider, long nanoUsd) {}

  /** When a record counts: late ones when they were, impossible ones when they were received. */
  static Instant counted(Instant at, Instant receivedAt) {
    boolean believed =
        at.isAfter(receivedAt.minus(BELIEVED_PAST))
            && at.isBefore(receivedAt.plus(BELIEVED_FUTURE));
    return believed ? at : receivedAt;
  }

  /** Its tags, on the day that it counts in. */
  List<Tagged> tagged() {
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    return tags.entrySet().stream()
        .map(tag -> new Tagged(day, tenant, tag.getKey(), tag.getValue()))
        .toList();
  }
}
