package dev.penstock.controlplane.rollout;

import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditRows;
import dev.penstock.controlplane.fleet.NodeRows;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.kernel.rollout.NodeStanding;
import dev.penstock.kernel.rollout.RolloutState;
import dev.penstock.kernel.rollout.Wave;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * What writes and nodes have to do with rollouts in waves.
 *
 * <p>While one is under way or stopped, every write goes with it: who has its content gets the
 * write at once, who waits gets both together. Two writes end it instead: one that asks for waves
 * of its own, which begin at the first, and a rollback, all at once, to what the waiting nodes have
 * or to something older, which holds nothing that was held back.
 */
@Singleton
public class Rollouts {

  private final DataSource database;

  Rollouts(DataSource database) {
    this.database = database;
  }

  /** A revision was numbered; within the caller's transaction, which holds the lock on the head. */
  public void note(NewRevision made) {
    try (Connection connection = database.getConnection()) {
      RolloutRows rows = new RolloutRows(connection);
      switch (made.pace()) {
        case WAVES -> begin(connection, rows, made);
        case AT_ONCE -> goAlong(rows, made);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot note the rollout of a revision", e);
    }
  }

  private static void begin(Connection connection, RolloutRows rows, NewRevision made)
      throws SQLException {
    requireNothingEnded(made, "it asks for waves");
    Optional<Rollout> earlier = rows.lockUnfinished();
    if (earlier.isPresent()) {
      rows.supersede(earlier.get().revision(), made.revision());
    }
    long base =
        earlier
            .filter(rollout -> rollout.holds(made.before()))
            .map(Rollout::baseRevision)
            .orElse(made.before());
    rows.insert(made.revision(), base, made.author(), made.at());
    List<NodeStanding> nodes =
        new FleetRows(connection).standings(made.revision(), NodeRows.SILENCE);
    rows.release(made.revision(), Wave.CANARY, RolloutState.begin(nodes).released());
    AuditEvent started =
        AuditEvent.change(
            made.at(),
            made.author(),
            AuditEvent.Action.ROLLOUT_START,
            "Rollout " + made.revision(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            made.revision());
    new AuditRows(connection).append(List.of(started));
  }

  private static void goAlong(RolloutRows rows, NewRevision made) throws SQLException {
    if (made.rollbackOf().isPresent()) {
      Predicate<Rollout> older = rollout -> made.rollbackOf().get() <= rollout.baseRevision();
      Optional<Rollout> undone = rows.lockUnfinished().filter(older);
      if (undone.isPresent()) {
        rows.supersede(undone.get().revision(), made.revision());
        return;
      }
    }
    if (!made.ended().isEmpty()) {
      Optional<Rollout> holding = rows.unfinished().filter(rollout -> rollout.holds(made.before()));
      holding.ifPresent(rollout ->
          requireNothingEnded(
              made, "rollout %d is %s".formatted(rollout.revision(), rollout.state())));
    }
  }

  /**
   * Nodes that wait would go on serving a deleted tenant, and refuse requests for want of a deleted
   * budget.
   */
  private static void requireNothingEnded(NewRevision made, String when) {
    List<Finding> findings =
        made.ended().stream()
            .map(ended ->
                new Finding(
                    "rollout",
                    "%s cannot be deleted by or during a rollout in waves (%s): delete it all at"
                            .formatted(ended, when)
                        + " once, before it or when it is done, or roll it back; suspend a tenant"
                        + " to stop it now"))
            .toList();
    if (!findings.isEmpty()) {
      throw ProblemException.conflict(findings);
    }
  }

  /** The rollout for which nodes wait at a revision, if they do, by its own first revision. */
  public Optional<Long> holding(long revision) {
    try (Connection connection = database.getConnection()) {
      return new RolloutRows(connection)
          .at(revision)
          .filter(rollout -> rollout.holds(revision))
          .map(Rollout::revision);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the rollout of a revision", e);
    }
  }

  /** What keeps nodes of a region from having a revision, if anything does. */
  public Optional<Hold> hold(String region, long revision) {
    try (Connection connection = database.getConnection()) {
      RolloutRows rows = new RolloutRows(connection);
      Optional<Rollout> holding = rows.at(revision).filter(rollout -> rollout.holds(revision));
      if (holding.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new Hold(holding.get().baseRevision(), rows.released(holding.get().revision(), region)));
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read who waits for revision " + revision, e);
    }
  }

  /** The oldest revision that nodes are kept at; empty where they are not. */
  public Optional<Long> keptBase() {
    try (Connection connection = database.getConnection()) {
      return new RolloutRows(connection)
          .unfinished()
          .filter(rollout -> rollout.wave() != Wave.ALL)
          .map(Rollout::baseRevision);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read what nodes are kept at", e);
    }
  }
}
