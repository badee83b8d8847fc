package dev.penstock.dataplane.ratelimit;

import dev.penstock.dataplane.ratelimit.Meter.Terms;
import dev.penstock.kernel.rate.FleetReserve;
import dev.penstock.kernel.rate.NodeShare;
import dev.penstock.kernel.rate.ShareAsk;
import dev.penstock.kernel.rate.Units;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's shares of limits: what it has without asking, and the conversation with the control
 * plane about the rest.
 *
 * <p>A control plane that lends shares gives each node a part of every limit's reserve, for as long
 * as it runs, and what it asks for of the rest, for minutes. One of an older build only counts
 * nodes; then each has its even share.
 *
 * <p>Threads: the session's brings what the control plane says and asks what is due; event loops
 * take their terms and wait for answers.
 */
public final class RateShares {

  /** In one message. */
  static final int MOST_ASKS = 256;

  private static final int MOST_WAITERS = 1_000;
  private static final long WAIT_MILLIS = 150;
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RESERVE_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /**
   * So many asks of one start of the node, before their numbers reach into the next millisecond's.
   */
  private static final int NUMBERS_A_MILLI = 20;

  private final Meters meters = new Meters();
  private final FleetSize fleet = new FleetSize();
  private final NodeShare reserve = new NodeShare();
  private final AtomicLong numbers;
  private final LongSupplier nanos;
  private final Queue<LimitName> urgent = new ConcurrentLinkedQueue<>();
  private final Map<LimitName, Queue<GrantWaiter>> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger waiters = new AtomicInteger();
  private volatile Reserved reserved;
  private volatile boolean leases = true;
  private volatile boolean connected;
  private volatile boolean released;
  private volatile Runnable wake = () -> {};
  private long sweepAt;

  /** Parts of every limit's reserve, and since when there are as many. */
  private record Reserved(long parts, long sinceNanos) {}

  /**
   * @param startedMillis Unix time; later at every start of the node
   */
  public RateShares(long startedMillis) {
    this(startedMillis, System::nanoTime);
  }

  RateShares(long startedMillis, LongSupplier nanos) {
    numbers = new AtomicLong(startedMillis << NUMBERS_A_MILLI);
    this.nanos = nanos;
    long now = nanos.getAsLong();
    reserved = new Reserved(0, now);
    sweepAt = now;
  }

  /** Whoever talks to the control plane is woken when an exchange waits for a share. */
  public void onWaiting(Runnable listener) {
    wake = listener;
  }

  /** A control plane is there; whether it lends shares, or counts nodes only. */
  public void onConnected(boolean lendsShares) {
    leases = lendsShares;
    connected = true;
  }

  /** It is not: what it lent holds for a while, and what is asked has no answer. */
  public void onDisconnected() {
    connected = false;
    reserve.onDisconnected();
    for (Map.Entry<LimitName, Meter> entry : meters.all()) {
      entry.getValue().onDisconnected();
    }
    waiting.keySet().forEach(this::answered);
  }

  /** The control plane has counted the nodes, by region. */
  public void onCounted(Map<String, Integer> connectedNodesByRegion) {
    fleet.onCounted(connectedNodesByRegion);
  }

  /** How many nodes have the same share as this one; 0: shares follow the load. */
  int sharingEvenly(Optional<Set<String>> residency) {
    return leases ? 0 : fleet.nodesFor(residency);
  }

  /**
   * How a limit is kept here.
   *
   * @param residency regions in which its tenant may be served; absent: in all
   */
  Terms terms(RateLimitRule rule, Optional<Set<String>> residency) {
    if (leases) {
      Units total =
          new Units(rule.requestsPerMinute(), rule.tokensPerMinute(), rule.concurrentStreams());
      return new Terms(rule, FleetReserve.of(total, reserved.parts()), true);
    }
    int nodes = fleet.nodesFor(residency);
    Units even =
        new Units(
            Math.ceilDiv(rule.requestsPerMinute(), nodes),
            Math.ceilDiv(rule.tokensPerMinute(), nodes),
            Math.ceilDiv(rule.concurrentStreams(), nodes));
    return new Terms(rule, even, false);
  }

  Meter meter(Terms terms, long nowNanos) {
    return meters.of(LimitName.of(terms.rule()), terms, nowNanos, () -> there(terms, nowNanos));
  }

  /** Of an even share all; of a part of the reserve what has come since it is the node's. */
  private Units there(Terms terms, long nowNanos) {
    if (!terms.leases()) {
      return terms.own();
    }
    long micros = Math.clamp(nowNanos - reserved.sinceNanos(), 0, MINUTE_NANOS) / 1_000;
    return new Units(
        terms.own().requests() * micros / (MINUTE_NANOS / 1_000),
        terms.own().tokens() * micros / (MINUTE_NANOS / 1_000),
        0);
  }

  /**
   * An exchange finds no room, and more may be had: asks for it, and waits a moment for the answer.
   *
   * @return ends with the answer, or after a moment; empty: waiting is of no use
   */
  Optional<Future<Void>> await(Meter meter, RateLimitRule rule) {
    Context context = Vertx.currentContext();
    if (!connected || context == null || !meter.mayGrow(nanos.getAsLong())) {
      return Optional.empty();
    }
    if (waiters.incrementAndGet() > MOST_WAITERS) {
      waiters.decrementAndGet();
      return Optional.empty();
    }
    LimitName limit = LimitName.of(rule);
    GrantWaiter waiter = new GrantWaiter(context);
    waiting.computeIfAbsent(limit, name -> new ConcurrentLinkedQueue<>()).add(waiter);
    urgent.add(limit);
    wake.run();
    return Optional.of(
        waiter
            .await(WAIT_MILLIS)
            .onComplete(ended -> {
              waiters.decrementAndGet();
              waiting.computeIfPresent(
                  limit, (name, queue) -> queue.remove(waiter) && queue.isEmpty() ? null : queue);
            }));
  }

  private void answered(LimitName limit) {
    Queue<GrantWaiter> queue = waiting.remove(limit);
    if (queue != null) {
      queue.forEach(GrantWaiter::wake);
    }
  }

  /** What is to be asked now; on the session's thread. */
  public List<SharesAsk> dueAsks() {
    if (!leases || !connected || released) {
      return List.of();
    }
    long now = nanos.getAsLong();
    List<SharesAsk> due = new ArrayList<>();
    for (LimitName limit = urgent.poll();
        limit != null && due.size() < MOST_ASKS;
        limit = urgent.poll()) {
      add(due, limit, meters.find(limit), now, true);
    }
    if (now - sweepAt >= 0) {
      sweepAt = now + SWEEP_NANOS;
      sweep(due, now);
    }
    return due;
  }

  private void sweep(List<SharesAsk> due, long now) {
    boolean first = reserved.parts() == 0;
    if (!reserve.isOpen() && (first || now - reserve.askedNanos() >= RESERVE_NANOS)) {
      due.add(
          new SharesAsk(
              LimitName.RESERVE,
              reserve.ask(numbers.incrementAndGet(), Units.NONE, FleetReserve.PARTS, now)));
    }
    for (Map.Entry<LimitName, Meter> entry : meters.all()) {
      if (due.size() >= MOST_ASKS) {
        sweepAt = now; // the rest with the next message
        return;
      }
      add(due, entry.getKey(), entry.getValue(), now, false);
    }
  }

  private void add(
      List<SharesAsk> due, LimitName limit, @Nullable Meter meter, long now, boolean isUrgent) {
    if (meter != null) {
      meter
          .ask(now, numbers::incrementAndGet, isUrgent)
          .ifPresent(ask -> due.add(new SharesAsk(limit, ask)));
    }
  }

  /** What is to be said when the node stops: it uses nothing of what it was lent any more. */
  public List<SharesAsk> release() {
    long now = nanos.getAsLong();
    List<SharesAsk> last = new ArrayList<>();
    if (leases && connected) {
      released = true;
      reserved = new Reserved(0, now);
      reserve.giveUp();
      ShareAsk none = reserve.ask(numbers.incrementAndGet(), Units.NONE, Units.NONE, now);
      last.add(new SharesAsk(LimitName.RESERVE, none));
      for (Map.Entry<LimitName, Meter> entry : meters.all()) {
        entry
            .getValue()
            .release(now, numbers::incrementAndGet)
            .filter(ask -> last.size() < MOST_ASKS)
            .ifPresent(ask -> last.add(new SharesAsk(entry.getKey(), ask)));
      }
    }
    return last;
  }

  /** Shares have come; on the session's thread. */
  public void onGrants(List<SharesGrant> grants) {
    long now = nanos.getAsLong();
    for (SharesGrant granted : grants) {
      if (granted.limit().equals(LimitName.RESERVE)) {
        onReserve(granted, now);
        continue;
      }
      Meter meter = meters.find(granted.limit());
      if (meter != null && meter.onGrant(now, granted.grant(), granted.validMillis())) {
        urgent.add(granted.limit()); // others wait for what it gives back
      }
      answered(granted.limit());
    }
  }

  private void onReserve(SharesGrant granted, long now) {
    long before = reserved.parts();
    if (reserve.onGrant(granted.grant(), 0).isEmpty()) {
      return;
    }
    long parts = reserve.inForce(now).requests();
    // Of a part that grows nothing is there at first: it may have been used elsewhere.
    reserved = new Reserved(parts, parts > before ? now : reserved.sinceNanos());
  }
}
