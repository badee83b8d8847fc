package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that starts without its control plane knows how old its snapshot may be. */
final class FreshnessTest {

  @TempDir Path dir;

  private SnapshotTester node;

  @BeforeEach
  void haveASnapshot() throws Exception {
    node = new SnapshotTester(dir);
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme").chunk(7));
    await().until(() -> Files.exists(dir.resolve("snapshot.heard")));
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void theTimeItDidNotRunCounts() throws IOException {
    node.restart();
    assertThat(age()).isLessThan(Duration.ofMinutes(1));

    noted(Instant.now().minus(Duration.ofHours(30)));
    node.restart();
    assertThat(age()).isBetween(Duration.ofHours(30), Duration.ofHours(31));
    node.client.onUpToDate();
    assertThat(age()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void whatItCannotKnowIsTooOld() throws IOException {
    // A clock that was turned back
    noted(Instant.now().plus(Duration.ofHours(1)));
    node.restart();
    assertThat(age()).isGreaterThan(Duration.ofDays(300));

    // A note that somebody has changed, and one that is gone
    Files.writeString(dir.resolve("snapshot.heard"), Instant.now().toString());
    node.restart();
    assertThat(age()).isGreaterThan(Duration.ofDays(300));
    Files.delete(dir.resolve("snapshot.heard"));
    node.restart();
    assertThat(age()).isGreaterThan(Duration.ofDays(300));
  }

  @Test
  void aSignOfLifeAloneMakesNothingYounger() throws IOException {
    noted(Instant.now().minus(Duration.ofHours(3)));
    node.restart();
    byte[] another = new byte[32];

    node.client.onPong(System.nanoTime(), another);
    assertThat(age()).isGreaterThan(Duration.ofHours(2));

    node.client.onPong(System.nanoTime(), serving().digest());
    assertThat(age()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void aRefusedSnapshotMakesNothingYounger() throws Exception {
    noted(Instant.now().minus(Duration.ofHours(3)));
    node.restart();
    node.client.onDeliveryKey(DELIVERY.encoded());

    SnapshotAnswer answer =
        node.offer(SnapshotKit.with("acme").put("model/odd", new byte[] {1}).chunk(8));

    assertThat(answer).isInstanceOf(SnapshotAnswer.Refused.class);
    assertThat(age()).isGreaterThan(Duration.ofHours(2));
    node.offer(SnapshotKit.with("acme").chunk(9));
    assertThat(age()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void anAnswerCountsFromItsQuestion() throws IOException {
    noted(Instant.now().minus(Duration.ofHours(3)));
    node.restart();

    node.client.onPong(System.nanoTime() - Duration.ofMinutes(20).toNanos(), serving().digest());

    assertThat(age()).isBetween(Duration.ofMinutes(20), Duration.ofMinutes(21));
  }

  @Test
  void aTenantWhoseResourceIsRefusedHasAnAgeOfItsOwn() throws Exception {
    node.offer(SnapshotKit.with("acme", "other").chunk(8));
    SnapshotKit bad =
        SnapshotKit.with("acme", "other").tenant("other", policy -> policy.addRequires("magic"));
    assertThat(node.offer(bad.chunk(9))).isInstanceOf(SnapshotAnswer.Refused.class);

    // Half an hour later, and after a restart
    node.client.close();
    Instant now = Instant.now();
    new SnapshotStore(dir, NodeKey.open(dir.resolve("node.key")))
        .note(
            new SnapshotStore.Noted(
                now.minusSeconds(10), Map.of("other", now.minus(Duration.ofMinutes(30)))));
    node.restart();
    node.client.onPong(System.nanoTime(), serving().digest());

    Freshness freshness = node.current.freshness();
    assertThat(freshness.age("acme")).isLessThan(Duration.ofMinutes(1));
    assertThat(freshness.age("other")).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme", "other").chunk(10));
    assertThat(freshness.age("other")).isLessThan(Duration.ofMinutes(1));
  }

  private ServingSnapshot serving() {
    return Objects.requireNonNull(node.current.get());
  }

  private Duration age() {
    return node.current.freshness().age();
  }

  private void noted(Instant at) throws IOException {
    new SnapshotStore(dir, NodeKey.open(dir.resolve("node.key")))
        .note(new SnapshotStore.Noted(at, Map.of()));
  }
}
