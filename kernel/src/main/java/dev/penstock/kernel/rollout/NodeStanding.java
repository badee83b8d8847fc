package dev.penstock.kernel.rollout;

import java.util.Objects;

/**
 * How a node stands to a rollout.
 *
 * @param connected whether it has a session, with whichever replica
 */
public record NodeStanding(String node, String region, boolean connected, Answer answer) {

  /** What a node has said to the revision, or to one that builds on it. */
  public enum Answer {
    /** Nothing yet. */
    NONE,
    /** It is in force. */
    ACKED,
    /** It was refused, wholly or in part. */
    REFUSED
  }

  public NodeStanding {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(answer, "answer");
  }

  boolean isReady() {
    return connected && answer == Answer.ACKED;
  }
}
