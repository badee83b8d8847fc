package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.admission.Admission;
import dev.penstock.dataplane.authenticate.Authenticator;
import dev.penstock.dataplane.budget.BudgetDesk;
import dev.penstock.dataplane.cache.ResponseCache;
import dev.penstock.dataplane.exchange.Stage.Arrived;
import dev.penstock.dataplane.exchange.Stage.Delivered;
import dev.penstock.dataplane.exchange.Stage.Funded;
import dev.penstock.dataplane.exchange.Stage.Governed;
import dev.penstock.dataplane.guard.InputGuard;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.policy.PolicyResolver;
import dev.penstock.dataplane.relay.Relay;
import dev.penstock.dataplane.route.Router;
import dev.penstock.dataplane.upstream.Drains.Drain;
import dev.penstock.dataplane.upstream.UpstreamDialer;
import io.vertx.core.Future;

/**
 * The path of one exchange, top to bottom; each step lives in the package of its name. A step that
 * fails ends the exchange with a {@link RefusedException} (or, for a fault of ours, with anything
 * else), and every exchange ends in the journal.
 *
 * @param authenticator who is asking
 * @param policies which rules bind them
 * @param admission whether this model may be used here, and how often
 * @param inputGuard whether the text may pass
 * @param cache whether it has been answered before
 * @param router which deployments are tried, in which order
 * @param budgets sets money aside and settles it
 * @param dialer calls providers
 * @param relay moves the answer to the client
 * @param journal writes the record
 */
public record ExchangePipeline(
    Authenticator authenticator,
    PolicyResolver policies,
    Admission admission,
    InputGuard inputGuard,
    ResponseCache cache,
    Router router,
    BudgetDesk budgets,
    UpstreamDialer dialer,
    Relay relay,
    Journal journal) {

  /** Runs an exchange; the future always succeeds, as every ending has become a record by then. */
  Future<Ending> run(Arrived arrived) {
    return Future.succeededFuture(arrived)
        .compose(authenticator::identify) // -> Identified
        .compose(policies::resolve) // -> Governed
        .compose(admission::admit) // -> Admitted
        .compose(inputGuard::screen) // -> Screened
        .compose(cache::recall) // -> Recalled
        .compose(router::choose) // -> Routed
        .compose(budgets::hold) // -> Funded
        .compose(this::forward) // -> Delivered
        .andThen((delivered, failure) -> admission.leave(arrived, delivered))
        .andThen((delivered, failure) -> arrived.trace().drain().ifPresent(Drain::end))
        .transform((delivered, failure) -> journal.record(arrived, delivered, failure)) // -> Ending
        .onSuccess(ending -> ending.tell(arrived));
  }

  /** The path of what needs no provider: who asks, and which rules bind them. */
  Future<Governed> govern(Arrived arrived) {
    return Future.succeededFuture(arrived)
        .compose(authenticator::identify)
        .compose(policies::resolve);
  }

  /** Everything after the hold, so that one place settles it whatever happens. */
  private Future<Delivered> forward(Funded funded) {
    return Future.succeededFuture(funded) // so that a step that throws still reaches settle
        .compose(dialer::open) // -> Opened
        .compose(relay::relay) // -> Delivered; event by event, see TokenRelay
        .transform((delivered, failure) -> budgets.settle(funded, delivered, failure));
  }
}
