package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static dev.penstock.dataplane.snapshot.SnapshotKit.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.ResourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node believes of the files that it finds. */
@NullUnmarked // a null where there should be none fails the test
final class SnapshotFileTest {

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
  void believesNoFileButItsControlPlanes() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme").chunk(7));
    byte[] good = Files.readAllBytes(dir.resolve("snapshot.bin"));

    // When, Then: edited anywhere
    for (int at : IntStream.iterate(0, i -> i < good.length, i -> i + 97).toArray()) {
      byte[] edited = good.clone();
      edited[at] ^= 1;
      Files.write(dir.resolve("snapshot.bin"), edited);
      node.restart();
      assertThat(node.current.present()).isFalse();
    }
    // garbage and a cut file
    byte[] garbage = new byte[1000];
    new Random(1).nextBytes(garbage);
    for (byte[] file : List.of(garbage, new byte[0], new byte[] {1})) {
      Files.write(dir.resolve("snapshot.bin"), file);
      node.restart();
      assertThat(node.current.present()).isFalse();
    }
    // a link
    Files.write(dir.resolve("elsewhere"), good);
    Files.delete(dir.resolve("snapshot.bin"));
    Files.createSymbolicLink(dir.resolve("snapshot.bin"), dir.resolve("elsewhere"));
    node.restart();
    assertThat(node.current.present()).isFalse();
    // well encrypted, but signed by somebody who found the key
    SnapshotChunk forged =
        SnapshotKit.with("acme", "evil")
            .chunk(99, SnapshotKit.newKeyPair(), REGION, SnapshotChunk.Kind.FULL);
    store(forged);
    node.restart();
    assertThat(node.current.present()).isFalse();
  }

  @Test
  void takesWhatAnyOfThePinnedKeysHasSigned() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme").chunk(7));

    // When
    node.offer(
        SnapshotKit.with("acme")
            .chunk(8, SnapshotKit.NEXT_SIGNING, REGION, SnapshotChunk.Kind.FULL));
    node.restart();

    // Then
    assertThat(node.current.get().revision()).isEqualTo(8);
  }

  @Test
  void prefersTheNewerOfItsTwoFilesWhicheverWayTheyAreNamed() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme").chunk(7));
    node.offer(SnapshotKit.with("acme").chunk(8));
    Path newest = dir.resolve("snapshot.bin");
    Path previous = dir.resolve("snapshot.bin.previous");
    byte[] seven = Files.readAllBytes(previous);
    byte[] eight = Files.readAllBytes(newest);

    // When, Then
    Files.write(newest, seven);
    Files.write(previous, eight);
    node.restart();
    assertThat(node.current.get().revision()).isEqualTo(8);
    Files.delete(previous);
    Files.delete(newest);
    Files.write(previous, eight); // killed between the two renames
    node.restart();
    assertThat(node.current.get().revision()).isEqualTo(8);
  }

  private void store(SnapshotChunk chunk) throws IOException {
    Files.deleteIfExists(dir.resolve("snapshot.bin"));
    SignedSnapshot signed =
        new SignedSnapshot(
            chunk.revision(),
            chunk.digest(),
            chunk.signature(),
            ResourceTree.of(chunk.resources()));
    ServingSnapshot unused =
        new ServingSnapshot(
            chunk.revision(), chunk.digest(), PolicyContent.EMPTY, Map.of(), Map.of(), Set.of());
    new SnapshotStore(dir, NodeKey.open(dir.resolve("node.key")))
        .save(new AppliedSnapshot(unused, signed, Map.of(), List.of()), DELIVERY);
  }
}
