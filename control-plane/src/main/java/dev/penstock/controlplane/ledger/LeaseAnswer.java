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
   * @param givenBack what the node has given back
   * @param recallTotal what it is to have given back; 0: nothing is wanted
   * @param exhausted the need is above what the window has left
   * @param recalling when exhausted: others have just been asked for what is lacking
   * @param windowRemaining a millisecond at least, and no more where the budget is in another
   *     window by now: the node closes this lease and opens another
   * @param retryAfter when exhausted, when to ask again
   */
  record Granted(
      UUID leaseId,
      long grantedTotal,
      long givenBack,
      long recallTotal,
      boolean exhausted,
      boolean recalling,
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
      if (windowRemaining.toMillis() <= 0) {
        throw new IllegalArgumentException("windowRemaining: " + windowRemaining);
      }
    }
  }

  /**
   * Not asked for: the node is to give money back, or what it gave is noted.
   *
   * @param recallTotal what it is to have given back over the lease's life, nano-USD
   * @param givenBack what it is known to have given back
   */
  record Recall(UUID leaseId, long recallTotal, long givenBack) implements LeaseAnswer {
    public Recall {
      Objects.requireNonNull(leaseId, "leaseId");
    }
  }

  /** The node was silent for too long: it has to leave the lease. */
  record Quarantined(UUID leaseId, long grantedTotal, long givenBack) implements LeaseAnswer {
    public Quarantined {
      Objects.requireNonNull(leaseId, "leaseId");
    }
  }

  /** The lease must not be spent from: it was closed, is somebody else's, or its budget is gone. */
  record Closed(UUID leaseId) implements LeaseAnswer {
    public Closed {
      Objects.requireNonNull(leaseId, "leaseId");
    }
  }
}
