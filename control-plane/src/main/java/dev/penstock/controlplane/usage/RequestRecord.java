package dev.penstock.controlplane.usage;

import dev.penstock.kernel.money.Tokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one request, as a node reported it and {@code wire} found it sound. Empty texts
 * and zeros mean "not known". It never holds prompt or answer text, keys or secrets.
 *
 * @param at arrival, by the node's wall clock
 * @param costNanoUsd what the tenant is charged
 */
public record RequestRecord(
    UUID id,
    Instant at,
    String node,
    String nodeRegion,
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
    String usageSource,
    String serviceTier,
    long costNanoUsd,
    String outcome,
    String errorCode,
    int status,
    boolean presumed,
    List<Charge> charges) {

  public RequestRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(at, "at");
    decisions = List.copyOf(decisions);
    attempts = List.copyOf(attempts);
    charges = List.copyOf(charges);
  }

  /** The same record, of another caller. */
  RequestRecord by(Caller other) {
    return of(at, other, attempts);
  }

  /** The same record, with other attempts. */
  RequestRecord tried(List<Attempt> others) {
    return of(at, caller, others);
  }

  /** The same, with another time of arrival. */
  RequestRecord at(Instant other) {
    return of(other, caller, attempts);
  }

  private RequestRecord of(Instant arrival, Caller who, List<Attempt> calls) {
    return new RequestRecord(
        id,
        arrival,
        node,
        nodeRegion,
        who,
        dialect,
        transport,
        stream,
        modelAsked,
        model,
        target,
        policyRevision,
        decisions,
        calls,
        timing,
        tokens,
        usageSource,
        serviceTier,
        costNanoUsd,
        outcome,
        errorCode,
        status,
        presumed,
        charges);
  }

  /** Who asked. */
  public record Caller(
      String tenant,
      List<String> tenantPath,
      String apiKeyId,
      String apiKey,
      String subject,
      Map<String, String> tags) {
    public Caller {
      tenantPath = List.copyOf(tenantPath);
      tags = Map.copyOf(tags);
    }
  }

  /** Where the request went, or was tried last. */
  public record Target(
      String deployment,
      String provider,
      String providerRegion,
      String credentialName,
      int credentialVersion) {}

  /** One step's verdict. */
  public record Decision(String step, String verdict, String reason, long atMicros) {}

  /**
   * One call to one deployment.
   *
   * @param billable charged to the tenant; where it is not, the platform bears what it costs
   * @param providerRequestId the provider's own id of the call; empty where it gave none
   * @param tokens what the provider has charged for, or may have
   */
  public record Attempt(
      String deployment,
      String provider,
      String model,
      int status,
      String error,
      long firstTokenMicros,
      boolean billable,
      String providerRequestId,
      RequestTokens tokens,
      String usageSource,
      long costNanoUsd) {

    /** Attempts of earlier builds stand in the database with less. */
    public Attempt(
        String deployment,
        @Nullable String provider,
        @Nullable String model,
        int status,
        String error,
        long firstTokenMicros,
        boolean billable,
        @Nullable String providerRequestId,
        @Nullable RequestTokens tokens,
        @Nullable String usageSource,
        long costNanoUsd) {
      this.deployment = deployment;
      this.provider = Objects.requireNonNullElse(provider, "");
      this.model = Objects.requireNonNullElse(model, "");
      this.status = status;
      this.error = error;
      this.firstTokenMicros = firstTokenMicros;
      this.billable = billable;
      this.providerRequestId = Objects.requireNonNullElse(providerRequestId, "");
      this.tokens = Objects.requireNonNullElse(tokens, RequestTokens.NONE);
      this.usageSource = Objects.requireNonNullElse(usageSource, "");
      this.costNanoUsd = costNanoUsd;
    }

    /** What it costs and nobody is charged, nano-USD. */
    long borneNanoUsd() {
      return billable ? 0 : costNanoUsd;
    }
  }

  /** Durations in microseconds; 0: never. */
  public record Timing(long ttftUpstreamMicros, long ttftDeliveredMicros, long durationMicros) {}

  /** What is charged to one lease, nano-USD. */
  public record Charge(UUID leaseId, long costNanoUsd) {
    public Charge {
      Objects.requireNonNull(leaseId, "leaseId");
    }
  }
}
