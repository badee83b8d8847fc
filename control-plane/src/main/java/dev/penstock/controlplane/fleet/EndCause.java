package dev.penstock.controlplane.fleet;

import java.util.Objects;

/** Why a session ends, and the sentence that the other side gets. */
public record EndCause(Kind kind, String sentence) {

  /** Kinds of ends; {@code wire} gives each its gRPC status. */
  public enum Kind {
    /** The node is gone, or said goodbye. */
    NODE_GONE,
    /** The node is not who it says, or takes what is another's. */
    NOT_ALLOWED,
    /** Its certificate no longer counts: revoked, or over. */
    UNTRUSTED,
    /** A message that may not come now. */
    OUT_OF_ORDER,
    /** A message that means nothing, or is of a later version. */
    MALFORMED,
    /** A newer session of the same node has taken over. */
    REPLACED,
    /** Our side cannot go on; the node connects again and repeats what was not answered. */
    UNAVAILABLE
  }

  public EndCause {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(sentence, "sentence");
  }
}
