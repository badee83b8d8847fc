package dev.penstock.controlplane.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How far a revision has come with the nodes that are connected.
 *
 * @param nodes how many are connected
 * @param enforced how many of them have said that this revision or a later one is in force
 * @param refusals what those that have not have refused
 */
public record Rollout(State state, int nodes, int enforced, List<Refusal> refusals) {

  /** What a rollout has come to. */
  public enum State {
    /** Some node has not said yet that it is in force, or none is connected. */
    pending,
    /** Every connected node has said so. */
    enforced,
    /** Some node has refused what it was sent and goes on by what it had. */
    refused
  }

  /** What one node has refused last. */
  public record Refusal(String node, List<Nack> nacks) {
    public Refusal {
      Objects.requireNonNull(node, "node");
      nacks = List.copyOf(nacks);
    }
  }

  public Rollout {
    Objects.requireNonNull(state, "state");
    refusals = List.copyOf(refusals);
  }

  /** Of a revision, by what the connected nodes have said. */
  static Rollout of(long revision, List<NodeEntity> connected) {
    int enforced = 0;
    List<Refusal> refusals = new ArrayList<>();
    for (NodeEntity node : connected) {
      if (node.ackedRevision >= revision) {
        enforced++;
      } else if (!node.nacks.isEmpty()) {
        refusals.add(new Refusal(node.name, node.nacks));
      }
    }
    State state =
        !refusals.isEmpty()
            ? State.refused
            : enforced == connected.size() && enforced > 0 ? State.enforced : State.pending;
    return new Rollout(state, connected.size(), enforced, refusals);
  }
}
