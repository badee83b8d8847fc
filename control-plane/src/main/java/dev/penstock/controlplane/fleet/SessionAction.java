package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.ledger.LeaseAsk;
import dev.penstock.controlplane.ledger.LeaseLeaving;
import dev.penstock.controlplane.ratelimit.RateShares;
import dev.penstock.controlplane.usage.UsageBatch;
import java.util.List;
import java.util.UUID;

/** What a session's state wants done. */
sealed interface SessionAction {

  /** Ask the registry about a Hello; its answer comes back as {@link SessionEvent.Decided}. */
  record Admit(NodeSaid.Hello hello) implements SessionAction {}

  /** Tell the node. */
  record Say(ControlSays says) implements SessionAction {}

  /** Send a snapshot, chunk by chunk, whenever nothing more urgent waits. */
  record Send(long nonce, Transfer transfer) implements SessionAction {}

  /** Ask the ledger. */
  record Ask(LeaseAsk ask) implements SessionAction {}

  /** Take note of money that was given back. */
  record TakeBack(UUID leaseId, UUID spoolId, long givenBack) implements SessionAction {}

  /** Ask for shares of rate limits. */
  record AskShares(List<RateShares.Asked> asks) implements SessionAction {
    public AskShares {
      asks = List.copyOf(asks);
    }
  }

  /** Close a lease once its records are committed. */
  record Leave(LeaseLeaving leaving) implements SessionAction {}

  /** Commit usage. */
  record Commit(UsageBatch batch) implements SessionAction {}

  /** Note a sign of life. */
  record NoteAlive(NodeSaid.Heartbeat heartbeat) implements SessionAction {}

  /** Note the revision that the node serves; whatever it refused before is history. */
  record NoteAcked(long revision) implements SessionAction {}

  /** Note what the node refused. */
  record NoteNacked(byte[] digest, List<Nack> nacks) implements SessionAction {}

  /** End the session. */
  record End(EndCause cause) implements SessionAction {}
}
