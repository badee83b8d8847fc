package dev.penstock.dataplane.wire;

import dev.penstock.dataplane.journal.ExchangeRecord;
import dev.penstock.proto.usage.v1.Attempt;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.LeaseCharge;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.proto.usage.v1.Tokens;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** An exchange's record as the message that travels. */
final class RequestRecords {

  private RequestRecords() {}

  static RequestRecord.Builder of(ExchangeRecord from, String node, String region) {
    RequestRecord.Builder to =
        RequestRecord.newBuilder()
            .setId(from.id())
            .setAtUnixMicros(
                TimeUnit.SECONDS.toMicros(from.at().getEpochSecond())
                    + TimeUnit.NANOSECONDS.toMicros(from.at().getNano()))
            .setNode(node)
            .setNodeRegion(region)
            .setDialect(from.dialect())
            .setTransport(from.transport())
            .setStream(from.stream())
            .setModelAsked(from.modelAsked())
            .setModel(from.model())
            .setPolicyRevision(from.policyRevision())
            .setOutcome(lower(from.outcome()))
            .setErrorCode(from.errorCode())
            .setStatus(from.status())
            .setPresumed(from.presumed());
    caller(from.caller(), to);
    target(from.target(), to);
    usage(from, to);
    from.decisions().forEach(decision -> to.addDecisions(decision(decision)));
    from.attempts().forEach(attempt -> to.addAttempts(attempt(attempt)));
    return to;
  }

  private static void caller(ExchangeRecord.Caller from, RequestRecord.Builder to) {
    to.setTenant(from.tenant())
        .addAllTenantPath(from.tenantPath())
        .setApiKeyId(from.apiKeyId())
        .setApiKey(from.apiKey())
        .setSubject(from.subject())
        .putAllTags(from.tags());
  }

  private static void target(ExchangeRecord.Target from, RequestRecord.Builder to) {
    to.setDeployment(from.deployment())
        .setProvider(from.provider())
        .setProviderRegion(from.providerRegion())
        .setCredentialName(from.credentialName())
        .setCredentialVersion(from.credentialVersion());
  }

  private static void usage(ExchangeRecord from, RequestRecord.Builder to) {
    to.setTtftUpstreamMicros(from.timing().ttftUpstreamMicros())
        .setTtftDeliveredMicros(from.timing().ttftDeliveredMicros())
        .setDurationMicros(from.timing().durationMicros())
        .setTokens(tokens(from.tokens()))
        .setUsageSource(source(from.usageSource()))
        .setServiceTier(from.serviceTier())
        .setCostNanoUsd(from.cost().value());
    for (ExchangeRecord.Charge charge : from.charges()) {
      to.addCharges(
          LeaseCharge.newBuilder()
              .setLeaseId(charge.leaseId())
              .setCostNanoUsd(charge.cost().value()));
    }
  }

  private static Decision decision(ExchangeRecord.Decision from) {
    return Decision.newBuilder()
        .setStep(from.step())
        .setVerdict(lower(from.verdict()))
        .setReason(from.reason())
        .setAtMicros(from.atMicros())
        .build();
  }

  private static Attempt attempt(ExchangeRecord.Attempt from) {
    Attempt.Builder to =
        Attempt.newBuilder()
            .setDeployment(from.place().deployment())
            .setProvider(from.place().provider())
            .setModel(from.place().model())
            .setStatus(from.status())
            .setError(from.error())
            .setFirstTokenMicros(from.firstTokenMicros())
            .setBillable(from.billable())
            .setProviderRequestId(from.providerRequestId());
    if (from.bill() != ExchangeRecord.Bill.NONE) {
      to.setTokens(tokens(from.bill().tokens()))
          .setUsageSource(source(from.bill().source()))
          .setCostNanoUsd(from.bill().cost().value());
    }
    return to.build();
  }

  private static Tokens tokens(dev.penstock.kernel.money.Tokens from) {
    return Tokens.newBuilder()
        .setInput(from.input())
        .setCacheRead(from.cacheRead())
        .setCacheWrite(from.cacheWrite())
        .setOutput(from.output())
        .setReasoning(from.reasoning())
        .setCacheWrite1H(from.cacheWrite1h())
        .setAudioInput(from.audioInput())
        .setAudioOutput(from.audioOutput())
        .build();
  }

  private static String source(ExchangeRecord.UsageSource source) {
    return source == ExchangeRecord.UsageSource.NONE ? "" : lower(source);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
