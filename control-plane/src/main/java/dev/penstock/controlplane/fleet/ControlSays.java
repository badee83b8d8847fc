package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.ratelimit.RateShares;
import dev.penstock.controlplane.threshold.ActionsInForce.InForce;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the control plane says to a node; {@code wire} puts it into messages. */
public sealed interface ControlSays {

  /** The first answer. The key is secret: it is never printed. */
  record Welcome(byte[] deliveryKey, long ackedSeq) implements ControlSays {
    @Override
    public String toString() {
      return "Welcome[ackedSeq=" + ackedSeq + "]";
    }
  }

  /**
   * Answer to a heartbeat.
   *
   * @param connectedNodes how many, by region: those that share rate limits
   * @param headDigest of what the node should have in force; empty: nothing
   * @param budgetActions all that are in force
   */
  record Pong(
      long monoMicros,
      long headRevision,
      Map<String, Integer> connectedNodes,
      byte[] headDigest,
      List<InForce> budgetActions)
      implements ControlSays {
    public Pong {
      connectedNodes = Map.copyOf(connectedNodes);
      budgetActions = List.copyOf(budgetActions);
    }
  }

  /** The node's digest is the newest snapshot's. */
  record UpToDate(long revision) implements ControlSays {}

  /** A part of a snapshot. */
  record Chunk(long nonce, Transfer transfer, int index) implements ControlSays {}

  /** Keys to refuse at once. */
  record Revoke(long revision, List<String> keyIds) implements ControlSays {
    public Revoke {
      keyIds = List.copyOf(keyIds);
    }
  }

  /** Answer to a request for money. */
  record Money(LeaseAnswer answer) implements ControlSays {}

  /** A lease was closed. */
  record LeaseOver(UUID leaseId, long refunded) implements ControlSays {}

  /** Shares of rate limits. */
  record Shares(List<RateShares.Granted> shares) implements ControlSays {
    public Shares {
      shares = List.copyOf(shares);
    }
  }

  /** Usage is committed. */
  record UsageAcked(UUID spoolId, long ackedSeq) implements ControlSays {}

  /** Usage did not fit. */
  record UsageMissing(UUID spoolId, long expectedSeq) implements ControlSays {}
}
