package dev.penstock.dataplane.journal;

import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.money.Tokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything about one exchange, as it is written to the spool. Empty texts and zeros mean "not
 * known": an exchange that was refused early has little to tell.
 *
 * @param id request id, UUIDv7 text
 * @param at arrival, by the node's wall clock
 * @param serviceTier the provider's word for the one that was charged
 * @param charges one per budget window that matched
 * @param presumed the node died in mid-stream; the cost was concluded from what the spool held
 */
public record ExchangeRecord(
    String id,
    Instant at,
    Caller caller,
    String dialect,
    String transport,
    boolean stream,
    String modelAsked,
    String model,
    Target target,
    long policyRevision,
    List<Decision> decisions,
    List<Attempt> attempts,
    Timing timing,
    Tokens tokens,
    UsageSource usageSource,
    String serviceTier,
    NanoUsd cost,
    Outcome outcome,
    String errorCode,
    int status,
    List<Charge> charges,
    boolean presumed) {

  public ExchangeRecord {
    decisions = List.copyOf(decisions);
    attempts = List.copyOf(attempts);
    charges = List.copyOf(charges);
  }

  /** Who asked; empty texts where the caller was not identified. */
  public record Caller(
      String tenant,
      List<String> tenantPath,
      String apiKeyId,
      String apiKey,
      String subject,
      Map<String, String> tags) {

    public static final Caller UNKNOWN = new Caller("", List.of(), "", "", "", Map.of());

    public Caller {
      tenantPath = List.copyOf(tenantPath);
      tags = Map.copyOf(tags);
    }
  }

  /** Where the exchange went, or was tried last. */
  public record Target(
      String deployment,
      String provider,
      String providerRegion,
      String credentialName,
      int credentialVersion) {

    public static final Target NONE = new Target("", "", "", "", 0);
  }

  /** One step's verdict. */
  public record Decision(String step, Verdict verdict, String reason, long atMicros) {

    /** What a step can say. */
    public enum Verdict {
      PASS,
      DENY,
      /** A rule in observe mode would have ended the exchange here. */
      WOULD_DENY
    }
  }

  /**
   * One call to one deployment.
   *
   * @param status 0: no answer came
   * @param billable charged to the tenant; where it is not, what it costs is the platform's to bear
   * @param providerRequestId the provider's own id of the call; empty where it gave none
   */
  public record Attempt(
      Place place,
      int status,
      String error,
      long firstTokenMicros,
      boolean billable,
      String providerRequestId,
      Bill bill) {

    /** Where a call went. */
    public record Place(String deployment, String provider, String model) {}

    /** A call that nobody is known to charge for, as all are until they are settled. */
    public Attempt(
        Place place, int status, String error, boolean billable, String providerRequestId) {
      this(place, status, error, 0, billable, providerRequestId, Bill.NONE);
    }

    /** The same, charged to the tenant. */
    public Attempt served(long firstTokenAfterMicros) {
      return new Attempt(
          place, status, error, firstTokenAfterMicros, true, providerRequestId, bill);
    }

    /** The same, which ended badly. */
    public Attempt failed(String how) {
      return new Attempt(place, status, how, firstTokenMicros, billable, providerRequestId, bill);
    }

    /** The same, with what it costs. */
    public Attempt costing(Bill what) {
      return new Attempt(place, status, error, firstTokenMicros, billable, providerRequestId, what);
    }
  }

  /** What a provider has charged for one call, or may have. */
  public record Bill(Tokens tokens, UsageSource source, NanoUsd cost) {
    public static final Bill NONE = new Bill(Tokens.NONE, UsageSource.NONE, NanoUsd.ZERO);
  }

  /** Durations in microseconds since arrival (upstream: since the call was opened); 0: never. */
  public record Timing(long ttftUpstreamMicros, long ttftDeliveredMicros, long durationMicros) {}

  /** What was charged to one lease. */
  public record Charge(String leaseId, NanoUsd cost) {}

  /** Who counted the tokens. */
  public enum UsageSource {
    NONE,
    PROVIDER,
    PARTIAL,
    ESTIMATED
  }

  /** How the exchange ended. */
  public enum Outcome {
    SERVED,
    DENIED,
    FAILED,
    CANCELLED
  }

  /** A hold's line in the spool: what recovery needs if the node dies before it is settled. */
  public record OpenHold(
      ExchangeRecord soFar, List<String> leaseIds, NanoUsd amount, Presumption presumption) {

    public OpenHold {
      leaseIds = List.copyOf(leaseIds);
    }
  }

  /**
   * How recovery prices an exchange that was cut by the node's death: {@code min(amount,
   * inputTokens and the last reported output tokens at these prices)}.
   */
  public record Presumption(
      long inputTokens, long inputPricePerMillion, long outputPricePerMillion) {}
}
