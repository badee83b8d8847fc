package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.enrolment.NodeCertificates;
import dev.penstock.controlplane.fleet.Offer.Waiting;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.rollout.Hold;
import dev.penstock.controlplane.rollout.Rollouts;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.controlplane.snapshot.StoredSnapshot;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Notices that a snapshot was stored, by whomever, and hands it to the sessions of its region.
 *
 * <p>One thread on a connection of its own: it waits for the notification, a second at most, then
 * looks. What counts is the newest row of the store, so a lost notification, another replica's
 * write or an operator's statement all end up the same. While the database is away the last
 * snapshots are served from memory. Nodes that a rollout in waves lets wait are given the snapshot
 * before it. The same look brings the windows of changed budgets in line and ends the sessions of
 * revoked nodes.
 */
@Singleton
public class SnapshotPublisher {

  private static final int LOOK_MILLIS = 1000;
  private static final Logger LOG = Logger.getLogger(SnapshotPublisher.class);

  private final SnapshotStore store;
  private final Fleet fleet;
  private final Rollouts rollouts;
  private final Ledger ledger;
  private final CertificateWatch watch;
  private final Clock clock = Clock.systemUTC();
  private final String url;
  private final String user;
  private final String password;
  private final ConcurrentMap<String, Offer> offers = new ConcurrentHashMap<>();
  private final Set<String> regions = ConcurrentHashMap.newKeySet();
  private final Thread listener =
      Thread.ofPlatform().daemon().name("snapshot-listener").unstarted(this::listen);
  private volatile boolean stopping;

  SnapshotPublisher(
      SnapshotStore store,
      Fleet fleet,
      Rollouts rollouts,
      Ledger ledger,
      CertificateWatch watch,
      @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
      @ConfigProperty(name = "quarkus.datasource.username") String user,
      @ConfigProperty(name = "quarkus.datasource.password") String password) {
    this.store = store;
    this.fleet = fleet;
    this.rollouts = rollouts;
    this.ledger = ledger;
    this.watch = watch;
    this.url = url;
    this.user = user;
    this.password = password;
  }

  void onStart(@Observes StartupEvent event) {
    listener.start();
  }

  void onStop(@Observes ShutdownEvent event) {
    stopping = true;
    listener.interrupt();
    fleet.dismiss();
  }

  /** What a region is to have, from memory where the database has been asked before. */
  Optional<Offer> offer(String region) {
    if (regions.add(region) || !offers.containsKey(region)) {
      look(region);
    }
    return Optional.ofNullable(offers.get(region));
  }

  private void listen() {
    boolean healthy = true;
    while (!stopping) {
      try (Connection connection = DriverManager.getConnection(url, user, password)) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("LISTEN " + SnapshotStore.CHANNEL);
          statement.execute("LISTEN " + NodeCertificates.CHANNEL);
        }
        if (!healthy) {
          LOG.info("listening for snapshots again");
        }
        healthy = true;
        PGConnection notifications = connection.unwrap(PGConnection.class);
        while (!stopping) {
          lookEverywhere();
          notifications.getNotifications(LOOK_MILLIS);
        }
      } catch (SQLException | RuntimeException e) {
        if (healthy && !stopping) {
          LOG.warnf("not listening for snapshots, serving the last ones: %s", e.getMessage());
        }
        healthy = false;
        pause();
      }
    }
  }

  private void lookEverywhere() throws SQLException {
    regions.forEach(this::look);
    ledger.followBudgets();
    watch.look();
  }

  /** One look at a time per region, so that what is newly revoked is told against the last one. */
  private void look(String region) {
    offers.compute(region, (name, known) -> look(region, known));
  }

  private @Nullable Offer look(String region, @Nullable Offer known) {
    Optional<StoredSnapshot> found = store.latest(region);
    if (found.isEmpty() || (known != null && found.get().revision() < known.newest().revision())) {
      return known;
    }
    PackedSnapshot before = known == null ? null : known.newest();
    PackedSnapshot newest =
        before != null && before.revision() == found.get().revision()
            ? before
            : RevokedKeys.pack(found.get(), before);
    // Asked after the snapshot: by its revision, so that what has come since changes no answer.
    Offer offer =
        new Offer(
            newest,
            rollouts.hold(region, newest.revision()).map(hold -> waiting(hold, newest, known)));
    if (!offer.equals(known)) {
      fleet.publish(offer, before == null ? List.of() : RevokedKeys.newIn(newest, before));
    }
    return offer;
  }

  private Waiting waiting(Hold hold, PackedSnapshot newest, @Nullable Offer known) {
    TakenAway takenAway = takenAway(hold.baseRevision(), newest, known);
    return new Waiting(
        hold.baseRevision(),
        base(hold.baseRevision(), newest, known),
        hold.released(),
        takenAway,
        takenAway.refused(clock.instant()));
  }

  /** What is known of the same rollout, with what has changed since. */
  private TakenAway takenAway(long base, PackedSnapshot newest, @Nullable Offer known) {
    Optional<TakenAway> before =
        known == null
            ? Optional.empty()
            : known.waiting().filter(who -> who.baseRevision() == base).map(Waiting::takenAway);
    if (known == null || before.isEmpty()) {
      return TakenAway.NOTHING.at(store, base, newest.stored());
    }
    return known.newest() == newest
        ? before.get()
        : before.get().at(store, known.newest().revision(), newest.stored());
  }

  /** What those have that wait: mostly it was the newest a moment ago. */
  private Optional<PackedSnapshot> base(
      long revision, PackedSnapshot newest, @Nullable Offer known) {
    if (known != null) {
      if (known.newest() == newest
          && known.waiting().filter(who -> who.baseRevision() == revision).isPresent()) {
        return known.waiting().flatMap(Waiting::base);
      }
      Optional<PackedSnapshot> held = known.waiting().flatMap(Waiting::base);
      Optional<PackedSnapshot> same =
          Stream.concat(Stream.of(known.newest()), held.stream())
              .filter(snapshot -> snapshot.revision() == revision)
              .findFirst();
      if (same.isPresent()) {
        return same;
      }
    }
    return store.at(newest.region(), revision).map(stored -> RevokedKeys.pack(stored, newest));
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
