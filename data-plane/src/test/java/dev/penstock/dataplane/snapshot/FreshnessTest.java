package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
    node.client.onHeard();
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
    node.client.onHeard();
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

  private Duration age() {
    return node.current.freshness().age();
  }

  private void noted(Instant at) throws IOException {
    new SnapshotStore(dir, NodeKey.open(dir.resolve("node.key"))).saveHeard(at);
  }
}
