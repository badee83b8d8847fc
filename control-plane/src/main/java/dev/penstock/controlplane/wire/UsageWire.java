package dev.penstock.controlplane.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.penstock.controlplane.usage.RequestRecord.Attempt;
import dev.penstock.controlplane.usage.RequestRecord.Caller;
import dev.penstock.controlplane.usage.RequestRecord.Charge;
import dev.penstock.controlplane.usage.RequestRecord.Decision;
import dev.penstock.controlplane.usage.RequestRecord.Target;
import dev.penstock.controlplane.usage.RequestRecord.Timing;
import dev.penstock.controlplane.usage.RequestTokens;
import dev.penstock.controlplane.usage.SpoolEntry;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.controlplane.usage.UsageBatch;
import dev.penstock.kernel.money.Tokens;
import dev.penstock.proto.usage.v1.RequestRecord;
import dev.penstock.proto.usage.v1.SpoolRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Reads usage: a record that is not sound becomes poison, with its bytes and the reason. */
final class UsageWire {

  private static final int MAX_RECORDS = 500;
  private static final int MAX_LIST = 64;
  private static final int MAX_CHARGES = 32;

  /** The year 9999: what the database can hold. */
  private static final long MAX_UNIX_MICROS = 253_370_764_800_000_000L;

  private static final int MAX_STATUS = 999;
  private static final int MAX_PROVIDER_REQUEST_ID = 128;
  private static final Set<String> OUTCOMES = Set.of("served", "denied", "failed", "cancelled");
  private static final Set<String> SOURCES = Set.of("", "provider", "partial", "estimated");

  private UsageWire() {}

  /** Throws {@link IllegalArgumentException} where not even the batch can be understood. */
  static UsageBatch read(dev.penstock.proto.usage.v1.UsageBatch batch) {
    if (batch.getRecordsCount() > MAX_RECORDS) {
      throw new IllegalArgumentException(
          "records: %d (expected: at most %d)".formatted(batch.getRecordsCount(), MAX_RECORDS));
    }
    UUID spoolId = Limits.uuid("spool_id", batch.getSpoolId());
    long firstSeq = Limits.number("first_seq", batch.getFirstSeq(), Long.MAX_VALUE - MAX_RECORDS);
    List<SpoolEntry> entries = new ArrayList<>(batch.getRecordsCount());
    for (ByteString body : batch.getRecordsList()) {
      long seq = firstSeq + entries.size();
      entries.add(new SpoolEntry(seq, body.toByteArray(), content(seq, body)));
    }
    return new UsageBatch(spoolId, firstSeq, entries);
  }

  private static Content content(long seq, ByteString body) {
    try {
      SpoolRecord record = SpoolRecord.parseFrom(body);
      if (record.getSeq() != seq) {
        return new Content.Poison("its number is not the one of its place in the batch");
      }
      return switch (record.getContentCase()) {
        case REQUEST -> content(record.getRequest());
        case GAP ->
            new Content.Gap(
                Limits.text("reason", record.getGap().getReason(), Limits.SENTENCE),
                Limits.number("bytes", record.getGap().getBytes(), Long.MAX_VALUE));
        case CONTENT_NOT_SET -> new Content.Poison("has no content that this version knows");
      };
    } catch (InvalidProtocolBufferException unreadable) {
      return new Content.Poison("cannot be parsed");
    } catch (IllegalArgumentException unsound) {
      return new Content.Poison(String.valueOf(unsound.getMessage()));
    }
  }

  /** What a record charges is read by itself, so that it counts even if nothing else is sound. */
  private static Content content(RequestRecord from) {
    List<Charge> charges = charges(from);
    try {
      return new Content.Request(request(from, charges));
    } catch (IllegalArgumentException unsound) {
      return new Content.Poison(String.valueOf(unsound.getMessage()), charges);
    }
  }

  private static dev.penstock.controlplane.usage.RequestRecord request(
      RequestRecord from, List<Charge> charges) {
    return new dev.penstock.controlplane.usage.RequestRecord(
        Limits.uuid("id", from.getId()),
        Instant.EPOCH.plus(
            Limits.number("at_unix_micros", from.getAtUnixMicros(), MAX_UNIX_MICROS),
            ChronoUnit.MICROS),
        Limits.name("node", from.getNode()),
        Limits.name("node_region", from.getNodeRegion()),
        caller(from),
        Limits.name("dialect", from.getDialect()),
        Limits.name("transport", from.getTransport()),
        from.getStream(),
        Limits.name("model_asked", from.getModelAsked()),
        Limits.name("model", from.getModel()),
        target(from),
        Limits.number("policy_revision", from.getPolicyRevision(), Long.MAX_VALUE),
        decisions(from),
        attempts(from),
        new Timing(
            Limits.number("ttft_upstream_micros", from.getTtftUpstreamMicros(), Limits.MICROS),
            Limits.number("ttft_delivered_micros", from.getTtftDeliveredMicros(), Limits.MICROS),
            Limits.number("duration_micros", from.getDurationMicros(), Limits.MICROS)),
        tokens(from.getTokens()),
        oneOf("usage_source", from.getUsageSource(), SOURCES),
        Limits.name("service_tier", from.getServiceTier()),
        Limits.number("cost_nano_usd", from.getCostNanoUsd(), Limits.COST),
        oneOf("outcome", from.getOutcome(), OUTCOMES),
        Limits.name("error_code", from.getErrorCode()),
        (int) Limits.number("status", from.getStatus(), MAX_STATUS),
        from.getPresumed(),
        charges);
  }

  private static Caller caller(RequestRecord from) {
    Limits.count("tenant_path", from.getTenantPathList(), MAX_LIST);
    from.getTenantPathList().forEach(name -> Limits.name("tenant_path", name));
    Limits.count("tags", from.getTagsMap().keySet(), MAX_LIST);
    from.getTagsMap()
        .forEach((key, value) -> {
          Limits.name("tags", key);
          Limits.text("tags", value, Limits.SENTENCE);
        });
    return new Caller(
        Limits.name("tenant", from.getTenant()),
        from.getTenantPathList(),
        Limits.name("api_key_id", from.getApiKeyId()),
        Limits.name("api_key", from.getApiKey()),
        Limits.name("subject", from.getSubject()),
        from.getTagsMap());
  }

  private static Target target(RequestRecord from) {
    return new Target(
        Limits.name("deployment", from.getDeployment()),
        Limits.name("provider", from.getProvider()),
        Limits.name("provider_region", from.getProviderRegion()),
        Limits.name("credential_name", from.getCredentialName()),
        (int) Limits.number("credential_version", from.getCredentialVersion(), Integer.MAX_VALUE));
  }

  private static List<Decision> decisions(RequestRecord from) {
    Limits.count("decisions", from.getDecisionsList(), MAX_LIST);
    return from.getDecisionsList().stream()
        .map(decision ->
            new Decision(
                Limits.name("step", decision.getStep()),
                Limits.name("verdict", decision.getVerdict()),
                Limits.text("reason", decision.getReason(), Limits.SENTENCE),
                Limits.number("at_micros", decision.getAtMicros(), Limits.MICROS)))
        .toList();
  }

  private static List<Attempt> attempts(RequestRecord from) {
    Limits.count("attempts", from.getAttemptsList(), MAX_LIST);
    return from.getAttemptsList().stream()
        .map(attempt ->
            new Attempt(
                Limits.name("deployment", attempt.getDeployment()),
                Limits.name("provider", attempt.getProvider()),
                Limits.name("model", attempt.getModel()),
                (int) Limits.number("status", attempt.getStatus(), MAX_STATUS),
                Limits.name("error", attempt.getError()),
                Limits.number("first_token_micros", attempt.getFirstTokenMicros(), Limits.MICROS),
                attempt.getBillable(),
                Limits.text(
                    "provider_request_id", attempt.getProviderRequestId(), MAX_PROVIDER_REQUEST_ID),
                RequestTokens.of(tokens(attempt.getTokens())),
                oneOf("attempts.usage_source", attempt.getUsageSource(), SOURCES),
                Limits.number("attempts.cost_nano_usd", attempt.getCostNanoUsd(), Limits.COST)))
        .toList();
  }

  private static Tokens tokens(dev.penstock.proto.usage.v1.Tokens from) {
    long written = Limits.number("tokens.cache_write", from.getCacheWrite(), Limits.TOKENS);
    long forAnHour = Limits.number("tokens.cache_write_1h", from.getCacheWrite1H(), written);
    return new Tokens(
        Limits.number("tokens.input", from.getInput(), Limits.TOKENS),
        Limits.number("tokens.cache_read", from.getCacheRead(), Limits.TOKENS),
        written - forAnHour,
        forAnHour,
        Limits.number("tokens.audio_input", from.getAudioInput(), Limits.TOKENS),
        Limits.number("tokens.output", from.getOutput(), Limits.TOKENS),
        Limits.number("tokens.reasoning", from.getReasoning(), Limits.TOKENS),
        Limits.number("tokens.audio_output", from.getAudioOutput(), Limits.TOKENS));
  }

  private static List<Charge> charges(RequestRecord from) {
    Limits.count("charges", from.getChargesList(), MAX_CHARGES);
    Set<UUID> leases = new HashSet<>();
    List<Charge> charges = new ArrayList<>();
    for (var charge : from.getChargesList()) {
      UUID leaseId = Limits.uuid("charges.lease_id", charge.getLeaseId());
      if (!leases.add(leaseId)) {
        throw new IllegalArgumentException("charges: one lease twice");
      }
      charges.add(
          new Charge(
              leaseId,
              Limits.number("charges.cost_nano_usd", charge.getCostNanoUsd(), Limits.COST)));
    }
    return charges;
  }

  private static String oneOf(String field, String text, Set<String> known) {
    if (!known.contains(text)) {
      throw new IllegalArgumentException(field + ": a word that this version does not know");
    }
    return text;
  }
}
