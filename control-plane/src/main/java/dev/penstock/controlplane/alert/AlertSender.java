package dev.penstock.controlplane.alert;

import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.secret.SecretStore;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Sends alerts, one after the other, on a thread of the scheduler; every replica does. An alert may
 * arrive twice, where an answer was lost: its id is the same then.
 */
@Singleton
class AlertSender {

  private static final Logger LOG = Logger.getLogger(AlertSender.class);

  /** With their pauses they span about a day. */
  private static final int MOST_ATTEMPTS = 10;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(6);
  private static final Duration A_TURN = Duration.ofSeconds(20);

  private final AlertOutbox outbox;
  private final AlertCall call;
  private final SecretStore secrets;
  private final RandomGenerator chance = RandomGenerator.getDefault();

  AlertSender(AlertOutbox outbox, AlertCall call, SecretStore secrets) {
    this.outbox = outbox;
    this.call = call;
    this.secrets = secrets;
  }

  @Scheduled(every = "1s", delayed = "3s", concurrentExecution = ConcurrentExecution.SKIP)
  void work() throws SQLException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < A_TURN.toNanos()) {
      Optional<Alert> due = outbox.claim();
      if (due.isEmpty()) {
        return;
      }
      attempt(due.get());
    }
  }

  private void attempt(Alert alert) throws SQLException {
    Optional<Secret> secret =
        secrets.newest().stream()
            .filter(each -> each.tenant().equals(alert.secretTenant()))
            .filter(each -> each.name().equals(alert.secretName()))
            .findFirst();
    if (secret.isEmpty()) {
      outbox.givenUp(alert, "its secret is gone");
      return;
    }
    byte[] body = alert.body().getBytes(StandardCharsets.UTF_8);
    long timestamp = Instant.now().getEpochSecond();
    String signature =
        AlertSignature.of(secret.get().value().bytes()).sign(alert.id(), timestamp, body);
    Optional<String> problem = call.send(alert, timestamp, signature, body);
    if (problem.isEmpty()) {
      outbox.done(alert);
    } else if (alert.attempts() + 1 >= MOST_ATTEMPTS) {
      LOG.warnf("alert %s is given up: %s", alert.id(), problem.get());
      outbox.givenUp(alert, problem.get());
    } else {
      outbox.failed(alert, problem.get(), pause(alert.attempts()));
    }
  }

  /**
   * Between half and all of a pause that grows fourfold, so that receivers are not called in step.
   */
  private Duration pause(int attemptsBefore) {
    long most = Math.min(FIRST_PAUSE.toMillis() << (2 * attemptsBefore), LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(most / 2 + chance.nextLong(most / 2 + 1));
  }
}
