package dev.penstock.kernel.lease;

import dev.penstock.kernel.lease.LeaseBook.Ask;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where the conversation about one lease stands: what was asked and when, what was answered. Times
 * are monotonic nanoseconds. Guarded by whoever owns the {@link NodeLeases}.
 *
 * <p>At most one question is open at a time, so that the next answer belongs to the last question.
 * A lost one is repeated after a second.
 */
final class LeaseTalk {

  private static final long MILLI = 1_000_000;
  private static final long REPEAT = 1_000 * MILLI;

  /** At most ten questions a second that no exchange waits for. */
  private static final long LOW_WATER_PACE = 100 * MILLI;

  /** A no is believed for so long: a raised budget is noticed, a spent one costs few questions. */
  private static final long NO_MIN = 50 * MILLI;

  private static final long NO_MAX = 250 * MILLI;
  private static final long LOW_WATER_NO_MAX = 5_000 * MILLI;

  private boolean asked;
  private long askedAt;
  private long askedNeed;
  private boolean everAsked;
  private boolean stale;
  private long burnConsumed;
  private long burn;

  private @Nullable LeaseGrant answer;
  private long noUntil;
  private long lowWaterFrom;
  private boolean refused;
  private boolean recalling;
  private OptionalLong endsAt = OptionalLong.empty();

  private long told;
  private long toldAt;
  private long confirmed;

  private boolean closingWritten;
  private OptionalLong finalSeq = OptionalLong.empty();
  private boolean closeSent;
  private long closeSentAt;

  /** A new session: what was under way is lost, and what the lease is now has to be heard. */
  void onConnected() {
    asked = false;
    closeSent = false;
    refused = false;
    recalling = false;
    told = 0;
    stale = true;
  }

  boolean mayAsk(Ask ask, Lease lease, long now) {
    if (asked && now - askedAt < REPEAT) {
      return false;
    }
    if (ask.needTotal() > lease.granted()) {
      // A smaller need may be met where one was not, at once; and later what was recalled may have
      // come.
      return !(refused || recalling) || ask.needTotal() < askedNeed || now - askedAt >= NO_MIN;
    }
    return !everAsked || stale || (now - askedAt >= LOW_WATER_PACE && now - lowWaterFrom >= 0);
  }

  /** Whether a fresh session has to hear of the lease although nothing is wanted. */
  boolean isStale(long now) {
    return stale && (!asked || now - askedAt >= REPEAT);
  }

  LeaseAsk ask(Ask ask, Lease lease, long now) {
    long seconds = Math.max(1, (now - askedAt) / (1_000 * MILLI));
    burn = everAsked ? (burn + (lease.consumed() - burnConsumed) / seconds) / 2 : 0;
    burnConsumed = lease.consumed();
    asked = true;
    everAsked = true;
    askedAt = now;
    askedNeed = ask.needTotal();
    return new LeaseAsk(
        lease.leaseId(),
        lease.budgetId(),
        ask.wantTotal(),
        ask.needTotal(),
        lease.granted(),
        lease.returned(),
        lease.consumed(),
        lease.reserved(),
        burn);
  }

  void onAnswer(LeaseGrant grant, long now) {
    answer = grant;
    asked = false;
    stale = false;
    recalling = grant.state() == LeaseGrant.State.RECALLING;
    refused =
        !recalling
            && (grant.state() == LeaseGrant.State.EXHAUSTED || askedNeed > grant.grantedTotal());
    if (refused) {
      long wait = Math.max(0, Math.min(grant.retryAfterMillis(), 60_000)) * MILLI;
      noUntil = now + Math.clamp(wait, NO_MIN, NO_MAX);
      lowWaterFrom = now + Math.clamp(wait, LOW_WATER_PACE, LOW_WATER_NO_MAX);
    }
    if (grant.windowRemainingMillis() > 0) {
      long remaining = Math.min(grant.windowRemainingMillis(), Long.MAX_VALUE / 4 / MILLI);
      endsAt = OptionalLong.of(now + remaining * MILLI);
    }
  }

  /** The answer, if it is a no that still holds for an amount. */
  Optional<LeaseGrant> no(Lease lease, long amount, long now) {
    LeaseGrant last = answer;
    if (last == null || !refused || now - noUntil >= 0) {
      return Optional.empty();
    }
    long free = Math.max(0, lease.free());
    return amount - free > last.windowAvailable() ? Optional.of(last) : Optional.empty();
  }

  /** The answer, if others have been asked for what is lacking and it is not here yet. */
  Optional<LeaseGrant> recalling() {
    return recalling ? Optional.ofNullable(answer) : Optional.empty();
  }

  /** The last answer, whatever it was. */
  Optional<LeaseGrant> answer() {
    return Optional.ofNullable(answer);
  }

  boolean isRefused() {
    return refused;
  }

  boolean hasEnded(long now) {
    return endsAt.isPresent() && now - endsAt.getAsLong() >= 0;
  }

  long millisToEnd(long now) {
    return endsAt.isPresent() ? Math.max(0, (endsAt.getAsLong() - now) / MILLI) : 0;
  }

  /** Whether money that was given back has to be told of: newly, or again after a second. */
  boolean mayTellReturn(long returned, long now) {
    return returned > confirmed && (returned > told || now - toldAt >= REPEAT);
  }

  LeaseReturn tellReturn(Lease lease, long now) {
    told = lease.returned();
    toldAt = now;
    return new LeaseReturn(lease.leaseId(), told);
  }

  void onReturnConfirmed(long total) {
    confirmed = Math.max(confirmed, total);
  }

  boolean isClosingWritten() {
    return closingWritten;
  }

  void onClosingWritten() {
    closingWritten = true;
  }

  boolean maySendClose(long now) {
    return !closeSent || now - closeSentAt >= REPEAT;
  }

  /** Always the same number, whenever it is said. */
  LeaseEnd close(Lease lease, long lastSeq, long now) {
    if (finalSeq.isEmpty()) {
      finalSeq = OptionalLong.of(lastSeq);
    }
    closeSent = true;
    closeSentAt = now;
    return new LeaseEnd(lease.leaseId(), finalSeq.getAsLong(), lease.consumed());
  }
}
