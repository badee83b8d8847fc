package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.exchange.ClientGoneException;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Funded;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.exchange.Stage.Routed;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.meter.Estimates;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.meter.Usage;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope.Asker;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps {@code hold} and {@code settle}: every hold ends exactly once, whatever happens. */
public final class BudgetDesk {

  private static final String STEP = "hold";

  /** Where neither client nor catalogue limits the output, this is taken for the most it can be. */
  private static final long UNSTATED_MAX_OUTPUT_TOKENS = 32_768;

  /** More than any model takes today. */
  private static final long UNSTATED_CONTEXT_TOKENS = 2_000_000;

  private static final long RETRY_AFTER_MILLIS = 1_000;

  private final LeaseDesk leases;
  private final Journal journal;
  private final Estimates estimates;
  private final BudgetActions actions;

  public BudgetDesk(LeaseDesk leases, Journal journal, Estimates estimates, BudgetActions actions) {
    this.leases = leases;
    this.journal = journal;
    this.estimates = estimates;
    this.actions = actions;
  }

  /** Sets the worst case aside on every budget that binds the exchange, then writes it down. */
  public Future<Funded> hold(Routed routed) {
    List<BudgetRule> budgets = BindingBudgets.of(routed);
    NanoUsd worstCase;
    try {
      worstCase = worstCase(routed.admitted().request(), routed.candidates());
    } catch (ArithmeticException beyondAnyBudget) {
      return refuse(
          routed,
          "worst case is beyond any budget",
          Refusal.ofField(
              Code.INVALID_REQUEST,
              "max_tokens",
              "The request could cost more than can be counted; lower max_tokens or n."));
    }
    return leases
        .hold(budgets, worstCase)
        .transform((held, failure) ->
            failure == null
                ? writeDown(routed, new ExchangeHold(held, worstCase, budgets))
                : holdElsewhere(routed, failure, worstCase));
  }

  /** Tries without the deployments that an exhausted budget binds, as long as others are left. */
  private Future<Funded> holdElsewhere(Routed routed, Throwable failure, NanoUsd worstCase) {
    if (failure instanceof BudgetExhausted exhausted) {
      Optional<Routed> rest = BindingBudgets.without(routed, exhausted.budget());
      if (rest.isPresent()) {
        routed
            .arrived()
            .trace()
            .pass(
                STEP,
                "budget %s is exhausted: %d of %d deployments left"
                    .formatted(
                        name(exhausted.budget()),
                        rest.get().candidates().size(),
                        routed.candidates().size()));
        return hold(rest.get());
      }
    }
    return refuse(routed, failure, worstCase);
  }

  private Future<Funded> writeDown(Routed routed, ExchangeHold hold) {
    if (!journal.hold(routed, hold)) {
      leases.settle(hold.leases(), NanoUsd.ZERO);
      return refuse(
          routed,
          "no room in the spool",
          Refusal.retryable(
              Code.USAGE_BACKPRESSURE,
              "This gateway node cannot record more usage until the control plane has taken what it"
                  + " has; try again shortly.",
              RETRY_AFTER_MILLIS));
    }
    routed
        .arrived()
        .trace()
        .pass(
            STEP,
            hold.amount()
                + " on "
                + hold.budgets().size()
                + " budgets"
                + actions.said(hold.budgets()));
    return Future.succeededFuture(new Funded(routed, hold));
  }

  /** What the dearest candidate can cost: a token for every byte, and all the output allowed. */
  private static NanoUsd worstCase(ClientRequest request, List<Candidate> candidates) {
    NanoUsd worst = NanoUsd.ZERO;
    for (Candidate candidate : candidates) {
      long output =
          Math.multiplyExact(maxOutputTokens(request, candidate.model()), request.choices());
      NanoUsd cost =
          candidate
              .price()
              .worstCase(inputTokens(request, candidate.model()), output, request.serviceTier());
      worst = cost.compareTo(worst) > 0 ? cost : worst;
    }
    return worst;
  }

  /** What lies at the provider may fill the model's whole context. */
  private static long inputTokens(ClientRequest request, Model model) {
    if (!request.hasInputElsewhere()) {
      return request.bytes();
    }
    return Math.max(
        request.bytes(),
        model.contextTokens() > 0 ? model.contextTokens() : UNSTATED_CONTEXT_TOKENS);
  }

  /** A limit above the model's cannot be reached; one above an unstated limit can. */
  private static long maxOutputTokens(ClientRequest request, Model model) {
    long modelMax =
        model.maxOutputTokens() > 0 ? model.maxOutputTokens() : UNSTATED_MAX_OUTPUT_TOKENS;
    if (request.maxTokens() < 0) {
      return modelMax;
    }
    return model.maxOutputTokens() > 0
        ? Math.min(request.maxTokens(), modelMax)
        : request.maxTokens();
  }

  private Future<Funded> refuse(Routed routed, Throwable failure, NanoUsd worstCase) {
    return switch (failure) {
      case BudgetExhausted exhausted ->
          refuse(
              routed,
              "budget "
                  + name(exhausted.budget())
                  + " is exhausted"
                  + actions.said(List.of(exhausted.budget())),
              Refusal.retryable(
                  Code.BUDGET_EXHAUSTED,
                  "The budget %s has %s of %s left, and this request may cost up to %s. It resets in %s; ask %s to raise it, or lower max_tokens."
                      .formatted(
                          name(exhausted.budget()),
                          exhausted.available(),
                          exhausted.limit(),
                          worstCase,
                          duration(exhausted.resetsInMillis()),
                          whomToAsk(exhausted.budget())),
                  exhausted.resetsInMillis()));
      case BudgetUnavailable unavailable ->
          refuse(
              routed,
              "no money at hand for budget " + name(unavailable.budget()),
              Refusal.retryable(
                  Code.BUDGET_UNAVAILABLE,
                  "The budget %s cannot be asked now, as the control plane does not answer; try again shortly."
                      .formatted(name(unavailable.budget())),
                  RETRY_AFTER_MILLIS));
      default -> Future.failedFuture(failure);
    };
  }

  private static Future<Funded> refuse(Routed routed, String reason, Refusal refusal) {
    routed.arrived().trace().deny(STEP, reason);
    return Future.failedFuture(refusal.toException());
  }

  private static String name(BudgetRule budget) {
    return budget.tenant() + "/" + budget.name();
  }

  /** Who can raise a budget, in words for a developer. */
  static String whomToAsk(BudgetRule budget) {
    return "the administrators of tenant " + budget.tenant();
  }

  /** What binds a caller, and what is left of it, as JSON. */
  public Future<Buffer> limits(Governed governed) {
    return new LimitsAnswer(leases, actions, Clock.systemUTC()).of(governed);
  }

  private static String duration(long millis) {
    Duration rest = Duration.ofMillis(millis);
    if (rest.toDays() > 0) {
      return rest.toDays() + " d " + rest.toHoursPart() + " h";
    }
    return rest.toHours() > 0
        ? rest.toHours() + " h " + rest.toMinutesPart() + " min"
        : rest.toMinutes() + " min " + rest.toSecondsPart() + " s";
  }

  /** Charges what was used, gives the rest back and writes the record; passes on how it ended. */
  public Future<Delivered> settle(
      Funded funded, @Nullable Delivered delivered, @Nullable Throwable failure) {
    return charge(funded, delivered, failure)
        .compose(charge -> {
          List<String> paying = paying(funded, charge);
          journal.settled(funded, delivered, failure, charge.usage(), charge.cost(), paying);
          leases.settle(funded.hold().leases(), charge.cost(), paying);
          return delivered == null
              ? Future.failedFuture(
                  failure == null ? new IllegalStateException("no ending") : failure)
              : Future.succeededFuture(delivered);
        });
  }

  private static List<String> paying(Funded funded, Charge charge) {
    Asker asker = BindingBudgets.asker(funded.routed().admitted().governed());
    return charge
        .servedBy()
        .map(candidate ->
            funded.hold().paidBy(asker, candidate.model().name(), candidate.provider().name()))
        .orElseGet(() -> funded.hold().leases().leaseIds());
  }

  private record Charge(Usage usage, NanoUsd cost, Optional<Candidate> servedBy) {
    static Charge of(Usage usage, Candidate candidate) {
      NanoUsd cost = candidate.price().of(usage.tokens(), usage.serviceTier());
      return new Charge(usage, cost, Optional.of(candidate));
    }
  }

  /** What is charged: the attempt that served, or the input of a call that its client abandoned. */
  private Future<Charge> charge(
      Funded funded, @Nullable Delivered delivered, @Nullable Throwable failure) {
    if (delivered != null) {
      Usage usage = delivered.usage().askedIn(funded.request().serviceTier());
      return Future.succeededFuture(Charge.of(usage, delivered.candidate()));
    }
    if (failure instanceof ClientGoneException gone && gone.sentTo().isPresent()) {
      Candidate asked = gone.sentTo().get();
      return estimates
          .of(new TokenMeter(), funded.request(), asked, false)
          .map(usage -> Charge.of(usage.askedIn(funded.request().serviceTier()), asked));
    }
    return Future.succeededFuture(new Charge(Usage.NONE, NanoUsd.ZERO, Optional.empty()));
  }
}
