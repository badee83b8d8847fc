package dev.penstock.dataplane.session;

import dev.penstock.dataplane.journal.Spool;
import dev.penstock.dataplane.ratelimit.SharesAsk;
import dev.penstock.dataplane.snapshot.SnapshotAnswer;
import dev.penstock.kernel.lease.LeaseAsk;
import dev.penstock.kernel.lease.LeaseEnd;
import dev.penstock.kernel.lease.LeaseReturn;
import java.util.List;
import java.util.Map;

/** What the node says. */
public sealed interface ToControl {

  /**
   * The first message of a session.
   *
   * @param incarnation Unix milliseconds of the process start
   * @param appliedDigest empty where there is no snapshot
   */
  record Hello(
      String nodeName,
      String region,
      long incarnation,
      long appliedRevision,
      byte[] appliedDigest,
      String spoolId,
      long ackedSeq)
      implements ToControl {}

  /**
   * A sign of life.
   *
   * @param heldNanoUsd what exchanges under way hold, by lease
   */
  record Heartbeat(
      long monoMicros,
      long appliedRevision,
      int inflight,
      long spoolBytes,
      Map<String, Long> heldNanoUsd)
      implements ToControl {
    public Heartbeat {
      heldNanoUsd = Map.copyOf(heldNanoUsd);
    }
  }

  /** What became of a snapshot. */
  record Answer(SnapshotAnswer answer) implements ToControl {}

  /** A request for money. */
  record Ask(LeaseAsk ask, String spoolId) implements ToControl {}

  /** Money that is given back. */
  record Return(LeaseReturn given) implements ToControl {}

  /** Requests for shares of rate limits; at least one. */
  record AskShares(List<SharesAsk> asks) implements ToControl {
    public AskShares {
      asks = List.copyOf(asks);
    }
  }

  /** A lease that is done with. */
  record Close(LeaseEnd end, String spoolId) implements ToControl {}

  /** What was used. */
  record Usage(String spoolId, Spool.Batch batch, long wallMillis) implements ToControl {}
}
