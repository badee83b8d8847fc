package dev.penstock.dataplane.upstream;

import dev.penstock.dataplane.config.DrainLimits;
import dev.penstock.kernel.snapshot.ClientGone;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The calls of a node that are read to their end although their clients have left, so that what is
 * charged is what their providers report. Used from every event loop.
 */
public final class Drains {

  private final DrainLimits limits;
  private final AtomicInteger running = new AtomicInteger();

  public Drains(DrainLimits limits) {
    this.limits = limits;
  }

  /** A client leaves; empty where the provider's call is to end, or as many run as may. */
  public Optional<Drain> begin(Provider provider) {
    if (provider.onClientGone() != ClientGone.DRAIN) {
      return Optional.empty();
    }
    if (running.incrementAndGet() > limits.atOnce()) {
      running.decrementAndGet();
      return Optional.empty();
    }
    return Optional.of(new Drain());
  }

  /** Calls that are being read on. */
  public int running() {
    return running.get();
  }

  /** One call's. Owned by its exchange's event loop, which ends it with the exchange. */
  public final class Drain {

    private final long beganNanos = System.nanoTime();
    private boolean ended;

    private Drain() {}

    /**
     * Whether it has been read for as long as it may.
     *
     * @param tokens output since the client left
     */
    public boolean isOver(long nowNanos, long tokens) {
      return nowNanos - beganNanos > limits.time().toNanos() || tokens > limits.tokens();
    }

    /** Makes room for another one; a second time does nothing. */
    public void end() {
      if (!ended) {
        ended = true;
        running.decrementAndGet();
      }
    }
  }
}
