package dev.penstock.controlplane.rollout;

import dev.penstock.kernel.rollout.Traffic;
import dev.penstock.kernel.rollout.Wave;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A rollout in waves, as it is kept.
 *
 * @param revision the first that it brings; what is written while it is under way goes with it
 * @param baseRevision what the nodes have that wait
 * @param wave at which it is, or ended
 * @param watched for how long the wave has been watched
 * @param reason why it stopped; empty: it has not
 * @param supersededBy the revision that took its place
 * @param before what became of requests before it; empty: not counted yet
 * @param now the same in this wave
 * @param members the nodes that may have it, by name
 */
record Rollout(
    long revision,
    long baseRevision,
    String author,
    Instant startedAt,
    State state,
    Wave wave,
    Instant waveAt,
    Duration watched,
    String reason,
    Optional<Instant> endedAt,
    Optional<Long> supersededBy,
    Optional<Traffic> before,
    Traffic now,
    List<Member> members) {

  /** Whether it goes on. */
  enum State {
    running,
    /** Until somebody resumes it, or writes what takes its place. */
    stopped,
    done,
    /** Another revision has taken its place. */
    superseded
  }

  /** A node that may have it, with the wave that brought it there. */
  record Member(String node, String region, Wave wave) {}

  Rollout {
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(wave, "wave");
    Objects.requireNonNull(waveAt, "waveAt");
    Objects.requireNonNull(watched, "watched");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(endedAt, "endedAt");
    Objects.requireNonNull(supersededBy, "supersededBy");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(now, "now");
    members = List.copyOf(members);
  }

  /** Whether nodes wait for it at a revision. */
  boolean holds(long at) {
    return wave != Wave.ALL && supersededBy.filter(by -> by <= at).isEmpty();
  }

  Set<String> released() {
    return members.stream().map(Member::node).collect(Collectors.toSet());
  }
}
