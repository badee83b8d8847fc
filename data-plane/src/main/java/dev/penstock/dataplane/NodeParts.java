package dev.penstock.dataplane;

import dev.penstock.dataplane.budget.BudgetActions;
import dev.penstock.dataplane.budget.LeaseDesk;
import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.config.TokenIssuer;
import dev.penstock.dataplane.exchange.BodyRoom;
import dev.penstock.dataplane.guard.ExternalPlaces;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.policy.Staleness;
import dev.penstock.dataplane.ratelimit.RateLimits;
import dev.penstock.dataplane.ratelimit.RateShares;
import dev.penstock.dataplane.snapshot.CurrentSnapshot;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.dataplane.token.IssuerKeys;
import dev.penstock.dataplane.upstream.CircuitBreakers;
import dev.penstock.dataplane.upstream.Drains;
import dev.penstock.dataplane.upstream.ProviderAddresses;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the event loops of a node share; each part owns its own state. */
final class NodeParts {

  private final String region;
  private final Limits limits;
  private final BodyRoom bodyRoom;
  private final CurrentSnapshot snapshots;
  private final LeaseDesk leases;
  private final Journal journal;
  private final ExchangeMetrics metrics;
  private final CircuitBreakers breakers;
  private final Drains drains;
  private final Staleness staleness;
  private final ProviderAddresses addresses;
  private final RateLimits rateLimits;
  private final BudgetActions budgetActions = new BudgetActions();
  private final ExternalPlaces externalPlaces = new ExternalPlaces();
  private final Optional<Tokens> tokens;
  private final List<Runnable> drainListeners = new CopyOnWriteArrayList<>();
  private volatile boolean draining;

  /** Whose tokens are taken, and by which keys. */
  record Tokens(TokenIssuer issuer, IssuerKeys keys) {}

  NodeParts(
      String region,
      Limits limits,
      CurrentSnapshot snapshots,
      LeaseDesk leases,
      Journal journal,
      ExchangeMetrics metrics,
      ProviderAddresses addresses,
      RateShares rateShares,
      Optional<Tokens> tokens) {
    this.region = region;
    this.limits = limits;
    bodyRoom = BodyRoom.inHeap(limits.maxBodyBytes());
    this.snapshots = snapshots;
    this.leases = leases;
    this.journal = journal;
    this.metrics = metrics;
    this.addresses = addresses;
    this.tokens = tokens;
    breakers = new CircuitBreakers();
    drains = new Drains(limits.drains());
    rateLimits = new RateLimits(rateShares, metrics);
    staleness = new Staleness(snapshots.freshness(), limits.maxStaleness());
  }

  /** From now on no exchange is admitted. */
  void startDraining() {
    draining = true;
  }

  /** The grace is over: what still runs is ended. */
  void endDraining() {
    drainListeners.forEach(Runnable::run);
  }

  void onDrained(Runnable listener) {
    drainListeners.add(listener);
  }

  boolean draining() {
    return draining;
  }

  String region() {
    return region;
  }

  Staleness staleness() {
    return staleness;
  }

  Limits limits() {
    return limits;
  }

  BodyRoom bodyRoom() {
    return bodyRoom;
  }

  CurrentSnapshot snapshots() {
    return snapshots;
  }

  LeaseDesk leases() {
    return leases;
  }

  Journal journal() {
    return journal;
  }

  ExchangeMetrics metrics() {
    return metrics;
  }

  CircuitBreakers breakers() {
    return breakers;
  }

  Drains drains() {
    return drains;
  }

  BudgetActions budgetActions() {
    return budgetActions;
  }

  RateLimits rateLimits() {
    return rateLimits;
  }

  ExternalPlaces externalPlaces() {
    return externalPlaces;
  }

  ProviderAddresses addresses() {
    return addresses;
  }

  Optional<Tokens> tokens() {
    return tokens;
  }
}
