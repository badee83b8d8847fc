package dev.penstock.controlplane.usage;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record as the admin API shows it. What is not known is null; money is a string of digits,
 * because not every reader of JSON has integers of that size.
 *
 * @param costNanoUsd what the tenant is charged
 * @param borneNanoUsd what attempts cost that did not serve: the platform bears it
 * @param wouldDeny some rule in observe mode would have denied it; which one is in the decisions
 */
public record RequestView(
    UUID id,
    Instant at,
    @Nullable String tenant,
    List<String> tenantPath,
    @Nullable String apiKey,
    @Nullable String subject,
    Map<String, String> tags,
    @Nullable String dialect,
    @Nullable String transport,
    boolean stream,
    @Nullable String modelAsked,
    @Nullable String model,
    @Nullable String deployment,
    @Nullable String provider,
    @Nullable Credential credential,
    String node,
    String nodeRegion,
    @Nullable String providerRegion,
    long policyRevision,
    List<RequestRecord.Decision> decisions,
    List<AttemptView> attempts,
    @Nullable Long ttftUpstreamMicros,
    @Nullable Long ttftDeliveredMicros,
    long durationMicros,
    RequestTokens tokens,
    @Nullable String usageSource,
    @Nullable String serviceTier,
    String costNanoUsd,
    String borneNanoUsd,
    String outcome,
    @Nullable String errorCode,
    int status,
    boolean presumed,
    boolean wouldDeny) {

  /** The credential that was used, {@code <tenant>/<secret>}. */
  public record Credential(String name, int version) {}

  /**
   * One call to one deployment.
   *
   * @param billable charged to the tenant; where it is not, the platform bears what it costs
   * @param tokens what the provider has charged for, or may have
   */
  public record AttemptView(
      String deployment,
      @Nullable String provider,
      @Nullable String model,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable Long firstTokenMicros,
      boolean billable,
      @Nullable String providerRequestId,
      RequestTokens tokens,
      @Nullable String usageSource,
      String costNanoUsd) {

    static AttemptView of(RequestRecord.Attempt attempt) {
      return new AttemptView(
          attempt.deployment(),
          known(attempt.provider()),
          known(attempt.model()),
          attempt.status() == 0 ? null : attempt.status(),
          known(attempt.error()),
          known(attempt.firstTokenMicros()),
          attempt.billable(),
          known(attempt.providerRequestId()),
          attempt.tokens(),
          known(attempt.usageSource()),
          Long.toString(attempt.costNanoUsd()));
    }
  }

  static RequestView of(RequestRecordEntity row) {
    return new RequestView(
        row.id,
        row.at,
        known(row.tenant),
        List.of(row.tenantPath),
        known(row.apiKey),
        known(row.subject),
        row.tags,
        known(row.dialect),
        known(row.transport),
        row.stream,
        known(row.modelAsked),
        known(row.model),
        known(row.deployment),
        known(row.provider),
        row.credentialName.isEmpty()
            ? null
            : new Credential(row.credentialName, row.credentialVersion),
        row.node,
        row.nodeRegion,
        known(row.providerRegion),
        row.policyRevision,
        row.decisions,
        row.attempts.stream().map(AttemptView::of).toList(),
        known(row.ttftUpstreamMicros),
        known(row.ttftDeliveredMicros),
        row.durationMicros,
        new RequestTokens(
            row.inputTokens,
            row.cacheReadTokens,
            row.cacheWriteTokens,
            row.cacheWrite1hTokens,
            row.audioInputTokens,
            row.outputTokens,
            row.reasoningTokens,
            row.audioOutputTokens),
        known(row.usageSource),
        known(row.serviceTier),
        Long.toString(row.costNanoUsd),
        borne(row.attempts).toString(),
        row.outcome,
        known(row.errorCode),
        row.status,
        row.presumed,
        row.wouldDeny);
  }

  private static BigInteger borne(List<RequestRecord.Attempt> attempts) {
    return attempts.stream()
        .map(attempt -> BigInteger.valueOf(attempt.borneNanoUsd()))
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  private static @Nullable String known(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Long known(long micros) {
    return micros == 0 ? null : micros;
  }
}
