package dev.penstock.dataplane.ratelimit;

import dev.penstock.kernel.rate.NodeShare;
import dev.penstock.kernel.rate.RateBucket;
import dev.penstock.kernel.rate.ShareAsk;
import dev.penstock.kernel.rate.ShareGrant;
import dev.penstock.kernel.rate.Units;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What has been used of this node's share of one limit. All event loops ask it, and the session
 * brings it shares: hence the lock.
 */
final class Meter {

  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** After this long unused a share is given back. */
  private static final long GIVE_BACK_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final RateBucket requests;
  private final RateBucket tokens;
  private final NodeShare lease = new NodeShare();
  private final Demand demand;
  private Terms terms;
  private Units inForce;
  private long streams;
  private long lastUsedNanos;
  private long answeredNanos;
  private boolean shortOfIt;
  private Units wanted = Units.NONE;
  private boolean holds;
  private boolean retired;

  /**
   * @param there how much of the node's own part is there to be used
   */
  Meter(long nowNanos, Terms terms, Units there) {
    this.terms = terms;
    inForce = terms.own();
    requests = new RateBucket(nowNanos, inForce.requests(), there.requests());
    tokens = new RateBucket(nowNanos, inForce.tokens(), there.tokens());
    demand = new Demand(nowNanos);
    lastUsedNanos = nowNanos;
  }

  /**
   * On what a limit is kept here.
   *
   * @param own what this node may have without asking
   * @param leases whether it has what it is granted beside that
   */
  record Terms(RateLimitRule rule, Units own, boolean leases) {

    /** The whole limit; nothing of what it does not count. */
    Units total() {
      return new Units(rule.requestsPerMinute(), rule.tokensPerMinute(), rule.concurrentStreams());
    }
  }

  /** What a limit is short of. */
  enum Shortage {
    REQUESTS,
    TOKENS,
    STREAMS
  }

  /** What came of asking for a part. */
  sealed interface Outcome {

    /**
     * @param tokens that were taken
     */
    record Taken(long tokens) implements Outcome {}

    /**
     * There is no room.
     *
     * @param share what this node has of what is short
     * @param waitNanos until there could be room; 0 where nobody knows
     */
    record Refused(Shortage shortage, long share, long waitNanos) implements Outcome {}
  }

  /** Takes one request, its tokens and a stream, or nothing. */
  synchronized Outcome take(long nowNanos, Terms now, long tokenCount) {
    lastUsedNanos = nowNanos;
    demand.came(tokenCount, streams + 1);
    size(nowNanos, now, Units.NONE);
    RateLimitRule rule = now.rule();
    if (rule.concurrentStreams() > 0 && streams >= inForce.streams()) {
      return new Outcome.Refused(Shortage.STREAMS, inForce.streams(), 0);
    }
    if (rule.requestsPerMinute() > 0) {
      long wait = requests.take(nowNanos, 1);
      if (wait > 0) {
        return refused(Shortage.REQUESTS, inForce.requests(), wait);
      }
    }
    if (rule.tokensPerMinute() > 0) {
      long wait = tokens.take(nowNanos, tokenCount);
      if (wait > 0) {
        untakeRequest(nowNanos, rule);
        return refused(Shortage.TOKENS, inForce.tokens(), wait);
      }
    }
    streams++;
    return new Outcome.Taken(Math.min(tokenCount, inForce.tokens()));
  }

  private static Outcome refused(Shortage shortage, long share, long waitNanos) {
    return new Outcome.Refused(shortage, share, waitNanos == RateBucket.NEVER ? 0 : waitNanos);
  }

  /** The share is what it is now: buckets keep what is in them, as far as it goes in. */
  private void size(long nowNanos, Terms now, Units fresh) {
    terms = now;
    Units share = now.leases() ? now.own().plus(lease.inForce(nowNanos)) : now.own();
    share = share.atMost(now.total());
    if (share.equals(inForce) && fresh.isNone()) {
      return;
    }
    inForce = share;
    requests.resize(nowNanos, share.requests(), fresh.requests());
    tokens.resize(nowNanos, share.tokens(), fresh.tokens());
  }

  /**
   * What the share leaves; zeros where the limit counts no such thing.
   *
   * @param share what this node may let pass a minute, and at the same time
   */
  record Standing(
      long requestsLeft,
      long requestsUntilFullNanos,
      long tokensLeft,
      long tokensUntilFullNanos,
      long streamsLeft,
      Units share) {}

  synchronized Standing standing(long nowNanos, Terms now) {
    size(nowNanos, now, Units.NONE);
    return new Standing(
        requests.left(nowNanos),
        requests.untilFullNanos(nowNanos),
        tokens.left(nowNanos),
        tokens.untilFullNanos(nowNanos),
        Math.max(0, inForce.streams() - streams),
        inForce);
  }

  /** Another limit had no room: as if it had not been asked. */
  synchronized void untake(long nowNanos, long takenTokens) {
    untakeRequest(nowNanos, terms.rule());
    streams--;
    correctTokens(nowNanos, -takenTokens);
  }

  /**
   * The exchange is over.
   *
   * @param takenTokens what was taken for it
   * @param actualTokens what it used
   */
  synchronized void leave(long nowNanos, long takenTokens, long actualTokens) {
    streams--;
    demand.turnedOut(actualTokens - takenTokens);
    correctTokens(nowNanos, actualTokens - takenTokens);
  }

  private void untakeRequest(long nowNanos, RateLimitRule rule) {
    if (rule.requestsPerMinute() > 0) {
      requests.correct(nowNanos, -1);
    }
  }

  private void correctTokens(long nowNanos, long more) {
    if (terms.rule().tokensPerMinute() > 0) {
      tokens.correct(nowNanos, more);
    }
  }

  /** Whether more may be had by asking for it: not all is here, and no fresh answer was less. */
  synchronized boolean mayGrow(long nowNanos) {
    boolean told = shortOfIt && nowNanos - answeredNanos < REPEAT_NANOS;
    return terms.leases() && !told && !inForce.equals(terms.total());
  }

  /**
   * Asks for a share if it is time to.
   *
   * @param urgent an exchange waits for it
   */
  synchronized Optional<ShareAsk> ask(long nowNanos, LongSupplier numbers, boolean urgent) {
    long asked = nowNanos - lease.askedNanos();
    boolean tooSoon =
        lease.isOpen() ? asked < REPEAT_NANOS : !urgent && holds && asked < RENEW_NANOS;
    boolean idle = streams == 0 && demand.isNone() && nowNanos - lastUsedNanos > GIVE_BACK_NANOS;
    boolean unused = !holds && demand.isNone();
    if (!terms.leases() || tooSoon || unused) {
      return Optional.empty();
    }
    if (idle) {
      lease.giveUp();
    }
    size(nowNanos, terms, Units.NONE);
    Units most = terms.total().minus(terms.own());
    Units want =
        idle
            ? Units.NONE
            : demand.want(nowNanos, streams).minus(terms.own()).atLeast(Units.NONE).atMost(most);
    long running = terms.rule().concurrentStreams() > 0 ? streams - terms.own().streams() : 0;
    demand.told(want, nowNanos);
    wanted = want;
    holds = !idle;
    Units used = new Units(0, 0, Math.clamp(running, 0, most.streams()));
    return Optional.of(lease.ask(numbers.getAsLong(), used, want, nowNanos));
  }

  /**
   * An answer about the share.
   *
   * @return whether the node has to say that it uses less now
   */
  synchronized boolean onGrant(long nowNanos, ShareGrant grant, long validMillis) {
    size(nowNanos, terms, Units.NONE);
    Units before = inForce;
    Optional<Units> fresh = lease.onGrant(grant, validMillis);
    if (fresh.isEmpty()) {
      return false;
    }
    shortOfIt = !wanted.isWithin(grant.granted());
    answeredNanos = nowNanos;
    size(nowNanos, terms, fresh.get());
    return !before.isWithin(inForce);
  }

  synchronized void onDisconnected() {
    lease.onDisconnected();
  }

  /** Gives its share back for good: the node stops. Empty where it has none. */
  synchronized Optional<ShareAsk> release(long nowNanos, LongSupplier numbers) {
    if (!holds) {
      return Optional.empty();
    }
    holds = false;
    lease.giveUp();
    return Optional.of(lease.ask(numbers.getAsLong(), Units.NONE, Units.NONE, nowNanos));
  }

  /** Retires if nobody uses it and it would be as good as new; then it may be forgotten. */
  synchronized boolean retire(long nowNanos, long idleNanos) {
    retired = streams == 0 && !holds && nowNanos - lastUsedNanos > idleNanos;
    return retired;
  }

  synchronized boolean retired() {
    return retired;
  }
}
