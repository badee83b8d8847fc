package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static dev.penstock.dataplane.snapshot.SnapshotKit.SECRET_KEY;
import static dev.penstock.dataplane.snapshot.SnapshotKit.SECRET_VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.snapshot.SnapshotAnswer.Accepted;
import dev.penstock.dataplane.snapshot.SnapshotAnswer.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that the control plane offers is checked, stored and put in force. */
@NullUnmarked // a null where there should be none fails the test
final class SnapshotClientTest {

  @TempDir Path dir;

  private SnapshotTester node;

  @BeforeEach
  void open() throws IOException {
    node = new SnapshotTester(dir);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void putsAGoodSnapshotInForceAfterStoringIt() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());

    // When
    SnapshotAnswer answer = node.offer(SnapshotKit.with("acme").chunk(7));

    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(Accepted.class, a -> assertThat(a.nonce()).isEqualTo(7));
    ServingSnapshot serving = node.current.get();
    assertThat(serving.revision()).isEqualTo(7);
    assertThat(serving.credentials().get(SECRET_KEY).value()).isEqualTo(SECRET_VALUE);
    assertThat(serving.credentials().get(SECRET_KEY).name()).isEqualTo("acme/openai-eu");
    assertThat(serving.toString() + serving.credentials()).doesNotContain(SECRET_VALUE);
    assertThat(serving.peppers()).containsOnlyKeys(1);
    assertThat(serving.content().keysById()).containsOnlyKeys("key-acme");

    // And
    node.restart();
    assertThat(node.current.get().revision()).isEqualTo(7);
    assertThat(node.current.get().credentials().get(SECRET_KEY).value()).isEqualTo(SECRET_VALUE);
    assertThat(Files.getPosixFilePermissions(dir.resolve("node.key"))).hasSize(2);
    assertThat(Files.getPosixFilePermissions(dir.resolve("snapshot.bin"))).hasSize(2);
    assertThat(new String(Files.readAllBytes(dir.resolve("snapshot.bin")), "ISO-8859-1"))
        .doesNotContain("acme");
  }

  @Test
  void rehearsesASnapshotBeforeItIsInForce() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme").chunk(7));
    List<Long> seen = new ArrayList<>();
    node.rehearsals.add((now, next) -> {
      seen.add(now.revision());
      seen.add(next.revision());
      seen.add(node.current.get().revision());
    });
    node.restart();
    node.client.onDeliveryKey(DELIVERY.encoded());

    // When
    node.offer(SnapshotKit.with("acme", "labs").chunk(8));

    // Then
    assertThat(seen).containsExactly(7L, 8L, 7L);
    assertThat(node.current.get().revision()).isEqualTo(8);
  }

  @Test
  void keepsWhatItHasWhereASnapshotTripsItsOwnCode() throws Exception {
    // Given
    node.rehearsals.add((now, next) -> {
      if (now != null) {
        throw new IllegalStateException("cannot decide");
      }
    });
    node.restart();
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme").chunk(7));

    // When
    SnapshotAnswer answer = node.offer(SnapshotKit.with("acme", "labs").chunk(8));

    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.keptRevision()).isEqualTo(7));
    assertThat(node.current.get().revision()).isEqualTo(7);

    // And
    node.restart();
    assertThat(node.current.get().revision()).isEqualTo(7);
  }

  @Test
  void takesASnapshotInChunks() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    SnapshotChunk whole = SnapshotKit.with("acme", "labs").chunk(7);
    List<SnapshotAnswer> early = new ArrayList<>();

    // When
    int count = whole.resources().size();
    for (int i = 0; i < count - 1; i++) {
      node.client.onChunk(part(whole, i, count), early::add);
    }
    SnapshotAnswer answer = node.offer(part(whole, count - 1, count));

    // Then
    assertThat(early).isEmpty();
    assertThat(answer).isInstanceOf(Accepted.class);
  }

  @Test
  void removesManyWhenThatIsMeant() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme", "labs", "ops").chunk(7));
    SnapshotChunk chunk = SnapshotKit.with("acme").chunk(8);

    // When
    SnapshotAnswer answer =
        node.offer(
            new SnapshotChunk(
                8,
                chunk.kind(),
                8,
                0,
                1,
                chunk.resources(),
                chunk.digest(),
                chunk.signature(),
                true));

    // Then
    assertThat(answer).isInstanceOf(Accepted.class);
    assertThat(node.current.get().content().tenants()).containsOnlyKeys("acme");
  }

  private static SnapshotChunk part(SnapshotChunk whole, int index, int count) {
    return new SnapshotChunk(
        whole.nonce(),
        whole.kind(),
        whole.revision(),
        index,
        count,
        List.of(whole.resources().get(index)),
        whole.digest(),
        whole.signature(),
        false);
  }
}
