package dev.penstock.dataplane.session;

import dev.penstock.dataplane.budget.BudgetActions.InForce;
import dev.penstock.dataplane.ratelimit.SharesGrant;
import dev.penstock.dataplane.snapshot.SnapshotChunk;
import dev.penstock.kernel.lease.LeaseGrant;
import dev.penstock.kernel.lease.LeaseRecall;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the control plane says. */
public sealed interface FromControl {

  /**
   * The first answer of a session. The key is never logged.
   *
   * @param lendsRateShares whether this control plane answers requests for shares of rate limits
   */
  record Welcome(byte[] deliveryKey, long ackedSeq, boolean lendsRateShares)
      implements FromControl {
    @Override
    public String toString() {
      return "Welcome[ackedSeq=" + ackedSeq + "]";
    }
  }

  /**
   * The answer to a heartbeat.
   *
   * @param connectedNodes how many, by region: those that share rate limits
   * @param headDigest of what the node should have in force; empty: it does not say
   * @param budgetActions all that are in force
   */
  record Pong(
      long monoMicros,
      long headRevision,
      Map<String, Integer> connectedNodes,
      byte[] headDigest,
      List<InForce> budgetActions)
      implements FromControl {
    public Pong {
      connectedNodes = Map.copyOf(connectedNodes);
      budgetActions = List.copyOf(budgetActions);
    }
  }

  /** The node's snapshot is the newest. */
  record UpToDate(long revision) implements FromControl {}

  /** A part of a snapshot. */
  record Chunk(SnapshotChunk chunk) implements FromControl {}

  /** Keys to refuse at once. */
  record Revoke(long revision, Set<String> keyIds) implements FromControl {}

  /** Money, or a no. */
  record Grant(LeaseGrant grant) implements FromControl {}

  /** Money is wanted back, or what came is noted. */
  record Recall(LeaseRecall recall) implements FromControl {}

  /** A lease is closed. */
  record Closed(String leaseId) implements FromControl {}

  /** Shares of rate limits. */
  record Shares(List<SharesGrant> shares) implements FromControl {
    public Shares {
      shares = List.copyOf(shares);
    }
  }

  /** Usage is committed. */
  record UsageAck(String spoolId, long ackedSeq) implements FromControl {}

  /** Usage did not follow on what is committed. */
  record UsageNack(String spoolId, long expectedSeq) implements FromControl {}

  /** Something newer than this build; ignored. */
  record Unknown() implements FromControl {}
}
