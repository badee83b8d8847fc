package dev.penstock.controlplane.rollout;

import dev.penstock.controlplane.rollout.Rollout.State;
import dev.penstock.kernel.rollout.NodeStanding;
import dev.penstock.kernel.rollout.RolloutState.Running;
import dev.penstock.kernel.rollout.Traffic;
import dev.penstock.kernel.rollout.WaveTimes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rollout in waves as the admin API shows it.
 *
 * @param revision the first that it brings; what is written while it is under way goes with it
 * @param baseRevision what the nodes serve that wait
 * @param state {@code running}, {@code stopped}, {@code done} or {@code superseded}
 * @param wave {@code canary}, {@code quarter} or {@code all}: where it is, or ended
 * @param nodes that may have it
 * @param gate what the wave waits for; null where it is over
 * @param reason why it stopped; null: it has not
 * @param remedy what to do about that
 * @param supersededBy the revision that took its place
 */
public record RolloutView(
    long revision,
    long baseRevision,
    String author,
    Instant startedAt,
    State state,
    String wave,
    Instant waveAt,
    List<Node> nodes,
    @Nullable Gate gate,
    @Nullable String reason,
    @Nullable String remedy,
    @Nullable Instant endedAt,
    @Nullable Long supersededBy) {

  /** A node that may have it, and with which wave that came. */
  public record Node(String node, String region, String wave) {}

  /**
   * What has to hold before the next wave.
   *
   * @param watchedMillis for how long the wave has been watched
   * @param dueMillis for how long it is watched at least
   * @param patienceMillis after how long it stops if a node has not put it in force
   * @param awaited nodes of the wave that are away or have not put it in force
   * @param before requests before it; null: not counted yet
   * @param now requests of this wave that it decided, at the last look
   */
  public record Gate(
      long watchedMillis,
      long dueMillis,
      long patienceMillis,
      List<String> awaited,
      @Nullable Requests before,
      Requests now) {}

  /** What became of requests. */
  public record Requests(long requests, long denied, long failed) {
    static Requests of(Traffic traffic) {
      return new Requests(traffic.requests(), traffic.denied(), traffic.failed());
    }
  }

  static RolloutView of(Rollout rollout, List<NodeStanding> fleet, WaveTimes times) {
    boolean over = rollout.endedAt().isPresent();
    boolean stopped = rollout.state() == State.stopped;
    return new RolloutView(
        rollout.revision(),
        rollout.baseRevision(),
        rollout.author(),
        rollout.startedAt(),
        rollout.state(),
        rollout.wave().word(),
        rollout.waveAt(),
        rollout.members().stream()
            .map(member -> new Node(member.node(), member.region(), member.wave().word()))
            .toList(),
        over ? null : gate(rollout, fleet, times),
        rollout.reason().isEmpty() ? null : rollout.reason(),
        stopped ? remedy(rollout) : null,
        rollout.endedAt().orElse(null),
        rollout.supersededBy().orElse(null));
  }

  private static Gate gate(Rollout rollout, List<NodeStanding> fleet, WaveTimes times) {
    return new Gate(
        rollout.watched().toMillis(),
        times.of(rollout.wave()).toMillis(),
        times.patience().toMillis(),
        new Running(rollout.wave(), rollout.released()).awaited(fleet),
        rollout.before().map(Requests::of).orElse(null),
        Requests.of(rollout.now()));
  }

  private static String remedy(Rollout rollout) {
    return "Nodes keep what they have, and it does not go on by itself. Go back with ./penstock"
        + " rollback %d, or write what mends it with ?rollout=waves, or have the wave begin anew with"
            .formatted(rollout.baseRevision())
        + " POST /api/v1/rollouts/%d/resume once the cause is gone.".formatted(rollout.revision());
  }
}
