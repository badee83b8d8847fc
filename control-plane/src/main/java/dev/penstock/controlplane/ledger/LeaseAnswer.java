package dev.penstock.controlplane.ledger;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

/** What a node that asked for money gets to know. */
public sealed interface LeaseAnswer {

  UUID leaseId();

  /**
   * The lease can be spent from, up to its total.
   *
   * @param grantedTotal granted over the lease's life, nano-USD
   * @param exhausted the need is above what the window has left
   * @param windowRemaining zero where the budget is in another window by now: the node closes this
   *     lease and opens another
   * @param retryAfter when exhausted, when to ask again
   */
  record Granted(
      UUID leaseId,
      long grantedTotal,
      boolean exhausted,
      UUID windowId,
      Duration windowRemaining,
      Duration retryAfter,
      long windowAvailable,
      long windowLimit)
      implements LeaseAnswer {
    public Granted {
      Objects.requireNonNull(leaseId, "leaseId");
      Objects.requireNonNull(windowId, "windowId");
      Objects.requireNonNull(windowRemaining, "windowRemaining");
      Objects.requireNonNull(retryAfter, "retryAfter");
    }
  }

  /** The lease must not be spent from: it was closed, is somebody else's, or its budget is gone. */
  record Closed(UUID leaseId) implements LeaseAnswer {
    public Closed {
      Objects.requireNonNull(leaseId, "leaseId");
    }
  }
}
