package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.budget.ExchangeHold;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.meter.Usage;
import dev.penstock.dataplane.relay.ClientChannel;
import dev.penstock.dataplane.route.CallTerms;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.dataplane.translate.Translation;
import dev.penstock.dataplane.upstream.Protocol;
import dev.penstock.dataplane.upstream.ProviderAnswer;
import dev.penstock.kernel.snapshot.ModelGate;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.Principal;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far an exchange has come. Each record holds the one before it, so that a step in the wrong
 * place does not compile and no field is ever half filled.
 */
public sealed interface Stage {

  /**
   * The exchange has arrived and is within the limits.
   *
   * @param body the request; holds the prompt
   */
  record Arrived(
      String requestId,
      Instant at,
      ClientChannel client,
      Asked asked,
      Buffer body,
      ExchangeTrace trace)
      implements Stage {
    @Override
    public String toString() {
      return "Arrived[" + requestId + "]";
    }
  }

  /**
   * It is known who asks. The snapshot is pinned: nothing later reads another one.
   *
   * @param who an API key or a service account
   * @param policy the snapshot's of the caller's tenant; null if it has none
   * @param models which models tenant and caller may use
   */
  record Identified(
      Arrived arrived,
      ServingSnapshot snapshot,
      Principal who,
      @Nullable TenantPolicy policy,
      ModelGate models)
      implements Stage {}

  /** It is known which rules bind the caller. */
  record Governed(Identified identified, TenantPolicy policy) implements Stage {
    Arrived arrived() {
      return identified.arrived();
    }
  }

  /**
   * The model may be used.
   *
   * @param candidates deployments that policy allows, in the order of the route or the catalogue;
   *     never empty
   * @param translation there where a candidate does not speak the client's dialect
   * @param terms what the model's route says of the call
   */
  record Admitted(
      Governed governed,
      ClientRequest request,
      List<Candidate> candidates,
      Optional<Translation> translation,
      CallTerms terms)
      implements Stage {}

  /** The input has passed the guards; what they redact is redacted in the request. */
  record Screened(Admitted admitted) implements Stage {}

  /** The answer is not in the cache. */
  record Recalled(Screened screened) implements Stage {}

  /** The candidates are in the order in which they are tried. */
  record Routed(Recalled recalled, List<Candidate> candidates) implements Stage {
    public Admitted admitted() {
      return recalled.screened().admitted();
    }

    public Arrived arrived() {
      return admitted().governed().arrived();
    }
  }

  /** The worst case is paid for. */
  record Funded(Routed routed, ExchangeHold hold) implements Stage {
    public Arrived arrived() {
      return routed.arrived();
    }

    public ClientRequest request() {
      return routed.admitted().request();
    }
  }

  /** A provider has begun to answer. */
  record Opened(Funded funded, Candidate candidate, ProviderAnswer answer) implements Stage {

    /** There where the provider does not speak the client's dialect. */
    public Optional<Translation> translation() {
      Endpoint endpoint = funded.arrived().asked().endpoint();
      return dialect() == endpoint.dialect()
          ? Optional.empty()
          : funded.routed().admitted().translation();
    }

    /** What is special about the model and its provider. */
    public Set<Trait> traits() {
      return Protocol.of(candidate).traits(candidate);
    }

    /** The dialect in which the provider answers. */
    public Dialect dialect() {
      return Protocol.of(candidate).dialectFor(funded.arrived().asked().endpoint());
    }
  }

  /**
   * Everything but the terminal event has reached the client, or the exchange has ended otherwise.
   *
   * @param status HTTP status that the client has got
   * @param refusal what the client is told instead of an end, where it did not end well
   * @param finish writes the terminal event; runs only once the settlement stands in the spool
   */
  record Delivered(
      Funded funded,
      Candidate candidate,
      Usage usage,
      EndCause cause,
      int status,
      Optional<Refusal> refusal,
      Runnable finish)
      implements Stage {}
}
