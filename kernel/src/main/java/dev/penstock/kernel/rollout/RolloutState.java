package dev.penstock.kernel.rollout;

import dev.penstock.kernel.rollout.NodeStanding.Answer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where a rollout in waves stands, and which nodes may have its revision.
 *
 * <pre>
 * begin --> Running(canary) --gate--> Running(quarter) --gate--> Running(all) --all acked--> Done
 *                |    ^                    |    ^                   |    ^
 *                +----+-- on: a refusal, a rise, or no answer ------+----+
 *                v    | resume             v    | resume            v    | resume
 *              Stopped                   Stopped                  Stopped
 * </pre>
 *
 * <p>The gate of a wave: its time is over, all of its nodes are connected and have put the revision
 * in force, and {@link TrafficGate} has no objection. Nothing but {@link Stopped#resume} leads out
 * of Stopped, and nothing out of Done.
 */
public sealed interface RolloutState {

  /** The wave at which it is, or at which it stopped. */
  Wave wave();

  /** Names of the nodes that may have the revision; those of the last wave are all there are. */
  Set<String> released();

  /** The first wave: the first node of each region by name. */
  static Running begin(List<NodeStanding> nodes) {
    return new Running(Wave.CANARY, opened(Wave.CANARY, Set.of(), nodes));
  }

  /** Under way. */
  record Running(Wave wave, Set<String> released) implements RolloutState {

    public Running {
      Objects.requireNonNull(wave, "wave");
      released = Set.copyOf(released);
    }

    /** What follows from a look; the same state where there is nothing to do but wait. */
    public RolloutState on(Look look, WaveTimes times) {
      Optional<String> objection = refusal(look.nodes());
      if (objection.isEmpty() && wave != Wave.ALL) {
        objection = TrafficGate.objection(look.before(), look.now());
      }
      if (objection.isPresent()) {
        return new Stopped(wave, released, objection.get());
      }
      if (look.inWave().compareTo(times.of(wave)) < 0) {
        return this;
      }
      List<String> awaited = awaited(look.nodes());
      if (!awaited.isEmpty()) {
        return look.inWave().compareTo(times.patience()) < 0
            ? this
            : new Stopped(
                wave,
                released,
                "not in force after %d s on %s"
                    .formatted(times.patience().toSeconds(), String.join(", ", awaited)));
      }
      return switch (wave) {
        case CANARY -> next(Wave.QUARTER, look.nodes());
        case QUARTER -> next(Wave.ALL, look.nodes());
        case ALL -> new Done(released);
      };
    }

    private Running next(Wave next, List<NodeStanding> nodes) {
      return new Running(next, opened(next, released, nodes));
    }

    private Optional<String> refusal(List<NodeStanding> nodes) {
      return nodes.stream()
          .filter(node -> wave == Wave.ALL || released.contains(node.node()))
          .filter(node -> node.answer() == Answer.REFUSED)
          .map(NodeStanding::node)
          .sorted()
          .findFirst()
          .map(node -> "node %s refused it".formatted(node));
    }

    /**
     * Nodes that the gate waits for. In the last wave a node that is not connected holds nobody up:
     * it gets the revision when it comes back. Before that one that is gone may be gone because of
     * it.
     */
    public List<String> awaited(List<NodeStanding> nodes) {
      if (wave == Wave.ALL) {
        return nodes.stream()
            .filter(node -> node.connected() && !node.isReady())
            .map(NodeStanding::node)
            .sorted()
            .toList();
      }
      Set<String> ready =
          nodes.stream()
              .filter(NodeStanding::isReady)
              .map(NodeStanding::node)
              .collect(Collectors.toSet());
      return released.stream().filter(node -> !ready.contains(node)).sorted().toList();
    }
  }

  /** Something was wrong; it stays so until somebody decides. */
  record Stopped(Wave wave, Set<String> released, String reason) implements RolloutState {

    public Stopped {
      Objects.requireNonNull(wave, "wave");
      released = Set.copyOf(released);
      Objects.requireNonNull(reason, "reason");
    }

    /** Begins the same wave anew, with others for those of its nodes that are gone. */
    public Running resume(List<NodeStanding> nodes) {
      return new Running(wave, opened(wave, released, nodes));
    }
  }

  /** Every node that is connected has it in force. */
  record Done(Set<String> released) implements RolloutState {

    public Done {
      released = Set.copyOf(released);
    }

    @Override
    public Wave wave() {
      return Wave.ALL;
    }
  }

  /**
   * The nodes of a wave: per region those connected ones that have the revision already, and as
   * many others, by name, as the wave's share has room for.
   */
  private static Set<String> opened(Wave wave, Set<String> before, List<NodeStanding> nodes) {
    Map<String, List<NodeStanding>> byRegion =
        nodes.stream()
            .filter(NodeStanding::connected)
            .collect(
                Collectors.groupingBy(NodeStanding::region, TreeMap::new, Collectors.toList()));
    Set<String> opened = new TreeSet<>();
    byRegion
        .values()
        .forEach(region -> {
          long kept = region.stream().filter(node -> before.contains(node.node())).count();
          region.stream()
              .sorted(
                  Comparator.comparing((NodeStanding node) -> !before.contains(node.node()))
                      .thenComparing(NodeStanding::node))
              .limit(Math.max(kept, wave.share(region.size())))
              .forEach(node -> opened.add(node.node()));
        });
    return opened;
  }
}
