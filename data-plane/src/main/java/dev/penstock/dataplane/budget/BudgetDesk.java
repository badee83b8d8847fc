package dev.penstock.dataplane.budget;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.exchange.ClientGoneException;
import dev.penstock.dataplane.exchange.ExchangeTrace;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Funded;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.exchange.Stage.Routed;
import dev.penstock.dataplane.journal.ExchangeRecord.Bill;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.meter.Estimates;
import dev.penstock.dataplane.meter.TokenMeter;
import dev.penstock.dataplane.meter.Usage;
import dev.penstock.dataplane.ratelimit.LimitStanding;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope.Asker;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The steps {@code hold} and {@code settle}: every hold ends exactly once, whatever happens. */
public final class BudgetDesk {

  private static final String STEP = "hold";

  /** Others spend, too: what was left when a limit was worked out may be gone when it is held. */
  private static final int MAX_CLAMPS = 4;

  private static final long RETRY_AFTER_MILLIS = 1_000;

  private final LeaseDesk leases;
  private final Journal journal;
  private final Estimates estimates;
  private final UnservedAttempts unserved;
  private final BudgetActions actions;
  private final Context context;

  /** {@code context} is that of the event loop that owns the exchanges. */
  public BudgetDesk(
      LeaseDesk leases,
      Journal journal,
      Estimates estimates,
      BudgetActions actions,
      Context context) {
    this.context = context;
    this.leases = leases;
    this.journal = journal;
    this.estimates = estimates;
    unserved = new UnservedAttempts(estimates);
    this.actions = actions;
  }

  /** Sets the worst case aside on every budget that binds the exchange, then writes it down. */
  public Future<Funded> hold(Routed routed) {
    return hold(routed, 0);
  }

  private Future<Funded> hold(Routed routed, int clamps) {
    List<BudgetRule> budgets = BindingBudgets.of(routed);
    Optional<Growth> growth;
    NanoUsd worstCase;
    try {
      growth = Growth.of(routed, budgets);
      worstCase = new WorstCase(routed.admitted().request(), routed.candidates()).whole();
    } catch (ArithmeticException beyondAnyBudget) {
      return refuse(
          routed,
          "worst case is beyond any budget",
          Refusal.ofField(
              Code.INVALID_REQUEST,
              "max_tokens",
              "The request could cost more than can be counted; lower max_tokens or n."));
    }
    NanoUsd amount = growth.map(Growth::first).orElse(worstCase);
    return leases
        .hold(budgets, amount)
        .transform((held, failure) ->
            failure == null
                ? writeDown(routed, new ExchangeHold(held, amount, budgets, growth))
                : holdLess(routed, failure, worstCase, clamps));
  }

  /**
   * Tries without the deployments that an exhausted budget binds, as long as others are left; else,
   * where the budget says so, with a lower limit of output.
   */
  private Future<Funded> holdLess(Routed routed, Throwable failure, NanoUsd worstCase, int clamps) {
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
        return hold(rest.get(), clamps);
      }
      if (exhausted.budget().clampToFit() && clamps < MAX_CLAMPS && clamp(routed, exhausted)) {
        return hold(routed, clamps + 1);
      }
    }
    return refuse(routed, failure, worstCase);
  }

  /** Lowers the request's limit of output to what a budget affords; false where that is too low. */
  private static boolean clamp(Routed routed, BudgetExhausted exhausted) {
    ClientRequest request = routed.admitted().request();
    OptionalLong most = new WorstCase(request, routed.candidates()).limitFor(exhausted.available());
    if (most.isEmpty()) {
      return false;
    }
    request.limitOutput(most.getAsLong());
    routed.arrived().client().clamped(most.getAsLong());
    routed
        .arrived()
        .trace()
        .pass(
            STEP,
            "output clamped to %d tokens: budget %s has %s left"
                .formatted(most.getAsLong(), name(exhausted.budget()), exhausted.available()));
    return true;
  }

  private Future<Funded> writeDown(Routed routed, ExchangeHold hold) {
    boolean written;
    try {
      written = journal.hold(routed, hold);
    } catch (RuntimeException fault) {
      leases.settle(hold.leases(), NanoUsd.ZERO);
      throw fault;
    }
    if (!written) {
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
                + (hold.growth().isPresent() ? ", for the first part of the answer" : "")
                + actions.said(hold.budgets()));
    return Future.succeededFuture(new Funded(routed, hold));
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

  /**
   * Sets more aside for a running stream and writes that down, so that it reaches a part beyond
   * what has come. Fails only if the exchange has ended meanwhile.
   *
   * @param atMost output tokens that have come, rather too many than too few
   * @param outputTokens that have come, as the spool is told otherwise
   */
  public Future<Extension> extend(Funded funded, long atMost, long outputTokens) {
    ExchangeHold hold = funded.hold();
    Growth growth = hold.growth().orElseThrow();
    long reach = growth.reachFrom(atMost);
    return leases
        .extend(hold.leases(), hold.budgets(), growth.costUpTo(reach), context)
        .map(held -> writeDown(funded, growth, reach, outputTokens))
        .recover(BudgetDesk::notExtended);
  }

  private Extension writeDown(Funded funded, Growth growth, long reach, long outputTokens) {
    NanoUsd amount = funded.hold().leases().amount();
    if (!journal.extended(funded.arrived().requestId(), outputTokens, amount)) {
      return new Extension.Refused(
          Refusal.of(
              Code.BUDGET_EXHAUSTED_MID_STREAM,
              "This gateway node cannot record more usage until the control plane has taken what it"
                  + " has; what has arrived is incomplete."));
    }
    growth.onHeld(reach);
    return new Extension.Granted();
  }

  private static Future<Extension> notExtended(Throwable failure) {
    return switch (failure) {
      case BudgetExhausted exhausted ->
          Future.succeededFuture(
              new Extension.Refused(
                  Refusal.of(
                      Code.BUDGET_EXHAUSTED_MID_STREAM,
                      "The budget %s cannot pay for more of this answer: it has %s of %s left. What has arrived is incomplete. It resets in %s; ask %s to raise it."
                          .formatted(
                              name(exhausted.budget()),
                              exhausted.available(),
                              exhausted.limit(),
                              duration(exhausted.resetsInMillis()),
                              whomToAsk(exhausted.budget())))));
      case BudgetUnavailable unavailable ->
          Future.succeededFuture(
              new Extension.Unanswered(
                  Refusal.of(
                      Code.BUDGET_EXHAUSTED_MID_STREAM,
                      "What this gateway node has of the budget %s is used up, and the control plane does not answer; what has arrived is incomplete."
                          .formatted(name(unavailable.budget())))));
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

  /**
   * What binds a caller, and what is left of it, as JSON.
   *
   * @param rates where its rate limits stand
   */
  public Future<Buffer> limits(Governed governed, List<LimitStanding> rates) {
    return new LimitsAnswer(leases, actions, Clock.systemUTC()).of(governed, rates);
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
        .compose(charge -> unserved.note(funded, delivered).map(charge))
        .compose(charge -> {
          List<String> paying = paying(funded, charge);
          charge.note(funded.arrived().trace());
          noteExtensions(funded);
          journal.settled(funded, delivered, failure, charge.usage(), charge.cost(), paying);
          leases.settle(funded.hold().leases(), charge.cost(), paying);
          return delivered == null
              ? Future.failedFuture(
                  failure == null ? new IllegalStateException("no ending") : failure)
              : Future.succeededFuture(delivered);
        });
  }

  private static void noteExtensions(Funded funded) {
    int extensions = funded.hold().growth().map(Growth::extensions).orElse(0);
    if (extensions > 0) {
      funded
          .arrived()
          .trace()
          .pass(
              STEP,
              "extended %d times, to %s".formatted(extensions, funded.hold().leases().amount()));
    }
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

    /** Writes it to the attempt that the tenant is charged for. */
    void note(ExchangeTrace trace) {
      if (usage != Usage.NONE) {
        trace.servedAttemptCosts(new Bill(usage.tokens(), usage.source(), cost));
      }
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
