package dev.penstock.controlplane.alert;

import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.secret.SecretStore;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Sends alerts; every replica does. Those of one tenant follow one another, those of different
 * tenants do not wait for each other: whose receiver is slow is told late, and nobody else. An
 * alert may arrive twice, where an answer was lost: its id is the same then.
 */
@Singleton
class AlertSender {

  private static final Logger LOG = Logger.getLogger(AlertSender.class);

  /** With their pauses they span about a day. */
  private static final int MOST_ATTEMPTS = 10;

  private static final int MOST_TENANTS_AT_ONCE = 32;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(6);

  private final AlertOutbox outbox;
  private final AlertCall call;
  private final SecretStore secrets;
  private final RandomGenerator chance = RandomGenerator.getDefault();
  private final Set<String> beingTold = ConcurrentHashMap.newKeySet(); // tenants
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  AlertSender(AlertOutbox outbox, AlertCall call, SecretStore secrets) {
    this.outbox = outbox;
    this.call = call;
    this.secrets = secrets;
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }

  @Scheduled(every = "1s", delayed = "3s", concurrentExecution = ConcurrentExecution.SKIP)
  void work() {
    try {
      begin();
    } catch (SQLException e) {
      LOG.debugf("no alerts are sent now: %s", e.getMessage()); // again in a second
    }
  }

  /** Begins with the oldest alert of each tenant that is not being told. */
  private synchronized void begin() throws SQLException {
    int most = MOST_TENANTS_AT_ONCE - beingTold.size();
    for (Alert alert : most > 0 ? outbox.claim(most, beingTold) : List.<Alert>of()) {
      beingTold.add(alert.tenant());
      threads.execute(() -> tell(alert));
    }
  }

  private void tell(Alert alert) {
    try {
      attempt(alert);
    } catch (SQLException e) {
      LOG.debugf("what became of alert %s is not noted: %s", alert.id(), e.getMessage());
    } finally {
      beingTold.remove(alert.tenant());
    }
    work(); // the tenant's next, if there is one
  }

  private void attempt(Alert alert) throws SQLException {
    if (alert.attempts() > MOST_ATTEMPTS) {
      giveUp(alert, "it was never tried to the end");
      return;
    }
    Optional<Secret> secret =
        secrets.newest().stream()
            .filter(each -> each.tenant().equals(alert.secretTenant()))
            .filter(each -> each.name().equals(alert.secretName()))
            .findFirst();
    if (secret.isEmpty()) {
      giveUp(alert, "its secret is gone");
      return;
    }
    byte[] body = alert.body().getBytes(StandardCharsets.UTF_8);
    long timestamp = Instant.now().getEpochSecond();
    String signature =
        AlertSignature.of(secret.get().value().bytes()).sign(alert.id(), timestamp, body);
    Optional<String> problem = call.send(alert, timestamp, signature, body);
    if (problem.isEmpty()) {
      outbox.done(alert);
    } else if (alert.attempts() == MOST_ATTEMPTS) {
      giveUp(alert, problem.get());
    } else {
      outbox.failed(alert, problem.get(), pause(alert.attempts()));
    }
  }

  private void giveUp(Alert alert, String reason) throws SQLException {
    LOG.warnf("alert %s is given up: %s", alert.id(), reason);
    outbox.givenUp(alert, reason);
  }

  /**
   * Between half and all of a pause that grows fourfold, so that receivers are not called in step.
   */
  private Duration pause(int attempts) {
    long most = Math.min(FIRST_PAUSE.toMillis() << (2 * (attempts - 1)), LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(most / 2 + chance.nextLong(most / 2 + 1));
  }
}
