package dev.penstock.controlplane.provisioning;

import dev.penstock.controlplane.provisioning.ProvisioningOutbox.Claim;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Works off the outbox, one tenant after the other, on a thread of the scheduler. Every replica
 * does; claims keep two of them from the same tenant.
 *
 * <p>While the realm cannot be spoken to, one tenant is tried now and then and the others wait
 * untouched, so that they are told soon after it is back. A tenant that the realm refuses waits
 * alone.
 */
@Singleton
class Provisioner {

  private static final Logger LOG = Logger.getLogger(Provisioner.class);
  private static final Duration A_TURN = Duration.ofSeconds(20);
  private static final Backoff AWAY = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15));
  private static final Backoff REFUSED = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10));

  /** Somebody may sign in for the first time at any moment; until then nobody needs this. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

  private final RealmAddress address;
  private final ProvisioningOutbox outbox;
  private final Wishes wishes;
  private final MeterRegistry meters;
  private final RandomGenerator chance = RandomGenerator.getDefault();
  private final Map<Entry.State, AtomicLong> counts = new EnumMap<>(Entry.State.class);

  // Of the scheduler's one run at a time.
  private @Nullable Realm realm;
  private int timesAway;
  private Instant resting = Instant.MIN;

  Provisioner(
      RealmAddress address, ProvisioningOutbox outbox, Wishes wishes, MeterRegistry meters) {
    this.address = address;
    this.outbox = outbox;
    this.wishes = wishes;
    this.meters = meters;
  }

  @Scheduled(every = "1s", delayed = "2s", concurrentExecution = ConcurrentExecution.SKIP)
  void work() throws SQLException {
    if (!address.isSet() || Instant.now().isBefore(resting)) {
      return;
    }
    long began = System.nanoTime();
    while (System.nanoTime() - began < A_TURN.toNanos()) {
      Optional<Claim> claim = outbox.claim();
      if (claim.isEmpty() || !attempt(claim.get())) {
        return;
      }
    }
  }

  /** Whether to go on with another tenant. */
  private boolean attempt(Claim claim) throws SQLException {
    try {
      Wanted wanted = wishes.of(claim.tenant());
      Realm open = open();
      List<String> lacks = new Reconciliation(open).run(wanted);
      note(claim, wanted, lacks);
      isBack();
      return true;
    } catch (RealmFailure.Away away) {
      isAway(claim, away);
      return false;
    } catch (RealmFailure refused) {
      refuse(claim, refused.reason());
      return true;
    } catch (RuntimeException fault) {
      // Whatever it is, it must not keep the other tenants waiting.
      LOG.errorf(fault, "provisioning of tenant %s", claim.tenant());
      refuse(claim, "a fault of ours, see the log: " + fault.getClass().getSimpleName());
      return true;
    }
  }

  private Realm open() {
    Realm open = realm;
    if (open == null) {
      open = new Realm(address);
      realm = open;
    }
    open.greet();
    return open;
  }

  private void note(Claim claim, Wanted wanted, List<String> lacks) throws SQLException {
    if (!lacks.isEmpty()) {
      outbox.waits(claim, String.join("; ", lacks), LOOK_AGAIN);
    } else if (wanted instanceof Wanted.Gone) {
      outbox.forget(claim);
    } else {
      outbox.done(claim);
    }
  }

  private void isBack() {
    if (timesAway > 0) {
      LOG.info("the identity provider is told of tenants again");
    }
    timesAway = 0;
  }

  private void isAway(Claim claim, RealmFailure.Away away) throws SQLException {
    close(); // with the token, which the next realm may not know, and the secret, which may be new
    timesAway++;
    if (timesAway == 1) {
      LOG.warnf("the identity provider cannot be told of tenants: %s", away.reason());
    }
    Duration again = AWAY.after(timesAway, chance);
    resting = Instant.now().plus(again);
    outbox.failed(claim, away.reason(), again);
  }

  private void refuse(Claim claim, String reason) throws SQLException {
    if (claim.failures() == 0) {
      LOG.warnf("the identity provider cannot be told of tenant %s: %s", claim.tenant(), reason);
    }
    outbox.failed(claim, reason, REFUSED.after(claim.failures() + 1, chance));
  }

  /** How many tenants are in which state, for those who watch. */
  @Scheduled(every = "15s", delayed = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  void count() throws SQLException {
    if (!address.isSet()) {
      return;
    }
    Map<Entry.State, Long> found = new EnumMap<>(Entry.State.class);
    outbox.all().forEach(entry -> found.merge(entry.state(), 1L, Long::sum));
    for (Entry.State state : Entry.State.values()) {
      counts
          .computeIfAbsent(
              state,
              missing ->
                  meters.gauge(
                      "penstock.provisioning.tenants",
                      List.of(Tag.of("state", missing.word())),
                      new AtomicLong()))
          .set(found.getOrDefault(state, 0L));
    }
  }

  @PreDestroy
  void close() {
    if (realm != null) {
      realm.close();
      realm = null;
    }
  }
}
