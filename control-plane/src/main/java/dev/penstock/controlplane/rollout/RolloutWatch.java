package dev.penstock.controlplane.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditEvent.Action;
import dev.penstock.controlplane.audit.AuditRows;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.fleet.NodeRows;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.listing.MemoryList;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.kernel.rollout.Look;
import dev.penstock.kernel.rollout.NodeStanding;
import dev.penstock.kernel.rollout.RolloutState;
import dev.penstock.kernel.rollout.RolloutState.Done;
import dev.penstock.kernel.rollout.RolloutState.Running;
import dev.penstock.kernel.rollout.RolloutState.Stopped;
import dev.penstock.kernel.rollout.Traffic;
import dev.penstock.kernel.rollout.WaveTimes;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Looks at the rollout that is under way, once a second, and does what follows from it. Every
 * replica does; the lock on its row lets one at a time. All that a look needs is in the database,
 * so it does not matter which replica had the look before, or how long ago that was.
 */
@Singleton
class RolloutWatch {

  /** What one look counts as, at most: a wave is not over because nobody was there to watch it. */
  private static final Duration MOST = Duration.ofSeconds(5);

  private static final String ACTOR = "control-plane";
  private static final Logger LOG = Logger.getLogger(RolloutWatch.class);

  private final Transactions transactions;
  private final WaveTimes times;
  private final AtomicLong stopped = new AtomicLong();

  RolloutWatch(Transactions transactions, ControlPlaneConfig config, MeterRegistry meters) {
    this.transactions = transactions;
    ControlPlaneConfig.Rollout rollout = config.rollout();
    times = new WaveTimes(rollout.canary(), rollout.quarter(), rollout.patience());
    meters.gauge("penstock.rollout.stopped", stopped);
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    try {
      transactions.inOne(this::look);
    } catch (SQLException e) {
      LOG.debugf("no look at rollouts: %s", e.getMessage()); // the next one is in a second
    }
  }

  private boolean look(Connection connection) throws SQLException {
    RolloutRows rows = new RolloutRows(connection);
    Optional<Rollout> running = rows.lockRunning();
    if (running.isPresent()) {
      look(connection, rows, running.get());
    }
    boolean stands =
        rows.unfinished().filter(found -> found.state() == Rollout.State.stopped).isPresent();
    stopped.set(stands ? 1 : 0);
    return stands;
  }

  private void look(Connection connection, RolloutRows rows, Rollout rollout) throws SQLException {
    FleetRows fleet = new FleetRows(connection);
    long revision = rollout.revision();
    Duration watched = rows.looked(revision, MOST);
    Traffic before = rollout.before().orElse(null);
    if (before == null) {
      before = fleet.before(rollout);
      rows.setBefore(revision, before);
    }
    Traffic now = fleet.now(rollout);
    rows.setNow(revision, now);
    List<NodeStanding> nodes = fleet.standings(revision, NodeRows.SILENCE);
    RolloutState next =
        new Running(rollout.wave(), rollout.released())
            .on(new Look(watched, nodes, before, now), times);
    switch (next) {
      case Stopped halted -> {
        LOG.warnf("rollout %d stops at wave %s: %s", revision, halted.wave(), halted.reason());
        rows.stop(revision, halted.reason());
        note(connection, ACTOR, Action.ROLLOUT_STOP, revision, halted.reason());
      }
      case Done done -> {
        LOG.infof("rollout %d is done", revision);
        rows.finish(revision);
        note(connection, ACTOR, Action.ROLLOUT_FINISH, revision, "");
      }
      case Running running -> {
        if (running.wave() != rollout.wave()) {
          LOG.infof("rollout %d goes on to wave %s", revision, running.wave());
          open(connection, rows, revision, running);
        }
      }
    }
  }

  /** Those that a query asks for; by their nodes it cannot, so these are read of its page alone. */
  Listed<RolloutView> list(ListQuery query, Function<RolloutView, JsonNode> json)
      throws SQLException {
    return transactions.inOne(connection -> {
      RolloutRows rows = new RolloutRows(connection);
      Listed<Rollout> page =
          MemoryList.page(
              rows.all(), rollout -> json.apply(RolloutView.of(rollout, List.of(), times)), query);
      List<RolloutView> views = new ArrayList<>();
      for (Rollout rollout : rows.withMembers(page.items())) {
        views.add(view(connection, rollout));
      }
      return new Listed<>(views, page.nextCursor());
    });
  }

  Optional<RolloutView> find(long revision) throws SQLException {
    return transactions.inOne(connection -> {
      Optional<Rollout> found = new RolloutRows(connection).find(revision);
      return found.isEmpty() ? Optional.empty() : Optional.of(view(connection, found.get()));
    });
  }

  private RolloutView view(Connection connection, Rollout rollout) throws SQLException {
    List<NodeStanding> nodes =
        rollout.endedAt().isPresent()
            ? List.of()
            : new FleetRows(connection).standings(rollout.revision(), NodeRows.SILENCE);
    return RolloutView.of(rollout, nodes, times);
  }

  /**
   * Begins the wave anew at which a rollout stopped.
   *
   * @return whether there is such a rollout
   */
  boolean resume(String by, long revision) throws SQLException {
    return transactions.inOne(connection -> {
      RolloutRows rows = new RolloutRows(connection);
      if (rows.find(revision).isEmpty()) {
        return false;
      }
      Rollout rollout =
          rows.lockUnfinished()
              .filter(found -> found.revision() == revision)
              .filter(found -> found.state() == Rollout.State.stopped)
              .orElseThrow(() ->
                  ProblemException.conflict(
                      List.of(
                          new Finding(
                              "revision", "rollout %d is not stopped".formatted(revision)))));
      List<NodeStanding> nodes = new FleetRows(connection).standings(revision, NodeRows.SILENCE);
      Running running =
          new Stopped(rollout.wave(), rollout.released(), rollout.reason()).resume(nodes);
      rows.keep(revision, running.released());
      open(connection, rows, revision, running);
      note(connection, by, Action.ROLLOUT_RESUME, revision, "after: " + rollout.reason());
      return true;
    });
  }

  private static void open(Connection connection, RolloutRows rows, long revision, Running running)
      throws SQLException {
    rows.open(revision, running.wave());
    rows.release(revision, running.wave(), running.released());
    SnapshotStore.announce(connection, revision);
  }

  private static void note(
      Connection connection, String actor, Action action, long revision, String reason)
      throws SQLException {
    AuditEvent event = AuditEvent.deed(Instant.now(), actor, action, "Rollout " + revision, reason);
    new AuditRows(connection).append(List.of(event));
  }
}
