package dev.penstock.controlplane.fleet;

import java.util.List;
import java.util.Optional;

/** What a session's state can learn. */
sealed interface SessionEvent {

  /** The node said something. */
  record Said(NodeSaid said) implements SessionEvent {}

  /** The registry has decided on the Hello. */
  record Decided(Admission admission, byte[] deliveryKey, Optional<PackedSnapshot> newest)
      implements SessionEvent {
    @Override
    public String toString() {
      return "Decided[" + admission + "]"; // the key is secret
    }
  }

  /**
   * A snapshot of the node's region was stored.
   *
   * @param newlyRevoked keys that the one before it did not revoke
   */
  record Published(PackedSnapshot snapshot, List<String> newlyRevoked) implements SessionEvent {
    public Published {
      newlyRevoked = List.copyOf(newlyRevoked);
    }
  }

  /** Keys were revoked by a snapshot that this node does not get yet. */
  record Revoked(long revision, List<String> keyIds) implements SessionEvent {
    public Revoked {
      keyIds = List.copyOf(keyIds);
    }
  }

  /** What was asked of ledger or usage has been done; here is the answer. */
  record Answered(ControlSays answer) implements SessionEvent {}

  /** The session cannot go on: the line is gone, another session has the node, a part failed. */
  record Broken(EndCause cause) implements SessionEvent {}
}
