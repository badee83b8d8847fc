package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.ledger.LeaseLeaving;
import dev.penstock.controlplane.ratelimit.RateShares;
import dev.penstock.controlplane.usage.UsageBatch;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** What a node says, as {@code wire} read it. */
public sealed interface NodeSaid {

  /**
   * A node presents itself.
   *
   * @param incarnation Unix milliseconds of the process start
   * @param appliedRevision 0: none
   * @param appliedDigest empty: none
   * @param takesDelta whether it knows snapshots of kind DELTA
   */
  record Hello(
      String node,
      String region,
      long incarnation,
      long appliedRevision,
      byte[] appliedDigest,
      UUID spoolId,
      long ackedSeq,
      String build,
      boolean takesDelta)
      implements NodeSaid {
    public Hello {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(region, "region");
      Objects.requireNonNull(appliedDigest, "appliedDigest");
      Objects.requireNonNull(spoolId, "spoolId");
      Objects.requireNonNull(build, "build");
    }
  }

  /**
   * Sign of life.
   *
   * @param heldNanoUsd what exchanges under way hold at most, by lease
   */
  record Heartbeat(
      long monoMicros,
      long appliedRevision,
      int inflight,
      long spoolBytes,
      Map<UUID, Long> heldNanoUsd)
      implements NodeSaid {
    public Heartbeat {
      heldNanoUsd = Map.copyOf(heldNanoUsd);
    }
  }

  /** A snapshot is in force. */
  record SnapshotAcked(long nonce, long revision, byte[] digest) implements NodeSaid {}

  /**
   * A snapshot was refused, wholly or in part.
   *
   * @param keptRevision what the node goes on serving; 0: nothing
   */
  record SnapshotNacked(long nonce, long revision, List<Nack> nacks, long keptRevision)
      implements NodeSaid {
    public SnapshotNacked {
      nacks = List.copyOf(nacks);
    }
  }

  /** The node wants money. */
  record MoneyAsked(
      UUID leaseId,
      UUID budgetId,
      UUID spoolId,
      long knownGranted,
      long givenBack,
      long wantTotal,
      long needTotal)
      implements NodeSaid {}

  /** The node has given money back; a total over the lease's life. */
  record MoneyReturned(UUID leaseId, long givenBack) implements NodeSaid {}

  /** The node is done with a lease. */
  record LeaseLeft(LeaseLeaving leaving) implements NodeSaid {}

  /** The node wants shares of rate limits. */
  record SharesAsked(List<RateShares.Asked> asks) implements NodeSaid {
    public SharesAsked {
      asks = List.copyOf(asks);
    }
  }

  /** What was used. */
  record Used(UsageBatch batch) implements NodeSaid {}

  /** Something this control plane does not understand; the session cannot go on. */
  record Unintelligible(EndCause cause) implements NodeSaid {}
}
