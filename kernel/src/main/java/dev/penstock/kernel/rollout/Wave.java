package dev.penstock.kernel.rollout;

/** How much of a region has a revision; each wave holds the one before it. */
public enum Wave {
  /** One node of each region. */
  CANARY("canary"),
  /** A quarter of each region's nodes, rounded down, and at least one. */
  QUARTER("quarter"),
  /** Every node. */
  ALL("all");

  private final String word;

  Wave(String word) {
    this.word = word;
  }

  /** As the admin API and the database write it. */
  public String word() {
    return word;
  }

  /** How many of a region's nodes may have the revision, at most. */
  public int share(int nodes) {
    return switch (this) {
      case CANARY -> Math.min(1, nodes);
      case QUARTER -> Math.min(nodes, Math.max(1, nodes / 4));
      case ALL -> nodes;
    };
  }
}
