package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.exchange.EndCause;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The streams that run on one event loop, for what concerns them from outside: the clock, a revoked
 * key or service account, the end of the node. Looking at all of them once a second is cheaper than
 * a timer for each chunk. Owned by its event loop.
 */
public final class RunningStreams {

  private final Set<TokenRelay> streams = new LinkedHashSet<>();
  private final Predicate<String> usable;

  /** {@code usable} tells whether a key or a service account may be used now, by its id. */
  public RunningStreams(Predicate<String> usable) {
    this.usable = usable;
  }

  /**
   * A stream begins; one whose key or service account was revoked while it waited for its provider
   * ends.
   */
  void add(TokenRelay stream) {
    streams.add(stream);
    if (!usable.test(stream.principalId())) {
      stream.end(EndCause.KEY_REVOKED, revoked());
    }
  }

  /** The answer is complete, but the provider has not ended its response yet. */
  void awaitEnd(TokenRelay stream) {
    streams.add(stream);
  }

  void remove(TokenRelay stream) {
    streams.remove(stream);
  }

  /** Called once a second. */
  public void tick(long nowNanos) {
    all().forEach(stream -> stream.onTick(nowNanos));
  }

  /** Ends the streams of keys and service accounts that have been revoked. */
  public void revoke(Set<String> ids) {
    for (TokenRelay stream : all()) {
      if (ids.contains(stream.principalId())) {
        stream.end(EndCause.KEY_REVOKED, revoked());
      }
    }
  }

  private static Refusal revoked() {
    return Refusal.of(
        Code.KEY_REVOKED,
        "This API key or service account has been revoked, or its tenant suspended, while it was in"
            + " use.");
  }

  /** The node stops and its grace is over. */
  public void drain() {
    Refusal refusal =
        Refusal.retryable(
            Code.NODE_DRAINING,
            "This gateway node is being stopped; send the request again.",
            1000);
    all().forEach(stream -> stream.end(EndCause.DRAINED, refusal));
  }

  private List<TokenRelay> all() {
    return new ArrayList<>(streams); // a stream that ends leaves the set
  }
}
