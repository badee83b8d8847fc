package dev.penstock.controlplane.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.snapshot.StoredSnapshot;
import dev.penstock.kernel.snapshot.PersistentMap;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final Outbox outbox = new Outbox();

  @Test
  void urgentGoesBetweenTheChunksOfASnapshot() {
    Transfer snapshot = snapshot(3);
    ControlSays revoke = new ControlSays.Revoke(1, List.of("0123456789"));
    ControlSays money = new ControlSays.Money(new LeaseAnswer.Closed(UUID.randomUUID()));
    ControlSays acked = new ControlSays.UsageAcked(UUID.randomUUID(), 1);
    ControlSays welcome = new ControlSays.Welcome(new byte[32], 0);

    outbox.send(1, snapshot);
    ControlSays first = outbox.next().orElseThrow();
    outbox.add(acked);
    outbox.add(money);
    outbox.add(revoke);
    outbox.add(welcome);

    assertThat(first).isEqualTo(new ControlSays.Chunk(1, snapshot, 0));
    assertThat(rest())
        .containsExactly(
            welcome,
            revoke,
            money,
            acked,
            new ControlSays.Chunk(1, snapshot, 1),
            new ControlSays.Chunk(1, snapshot, 2));
  }

  @Test
  void aChunkHoldsSixtyFourKibibytesOrOneLargerResource() {
    List<Resource> resources = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      resources.add(new Resource("model/m" + i, new byte[20_000]));
    }
    resources.add(new Resource("model/large", new byte[200_000]));
    resources.add(new Resource("model/small", new byte[10]));

    Transfer whole = transfer(resources);

    assertThat(whole.chunks().stream().map(Transfer.Chunk::resources).flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(resources);
    assertThat(whole.chunks().stream().map(Transfer.Chunk::resources))
        .allSatisfy(chunk ->
            assertThat(
                    chunk.size() == 1
                        || chunk.stream().mapToInt(each -> each.payload().length).sum()
                            <= SnapshotLimits.CHUNK_BYTES)
                .isTrue());
  }

  @Test
  void anEmptySnapshotIsOneEmptyChunk() {
    assertThat(transfer(List.of()).chunks())
        .containsExactly(new Transfer.Chunk(List.of(), List.of()));
  }

  @Test
  void removedKeysAreCutLikeResources() {
    List<Resource> many = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      many.add(new Resource("model/" + "m".repeat(40) + i, new byte[200]));
    }
    ResourceTree before = ResourceTree.of(many);

    Transfer delta =
        packed(ResourceTree.of(many.subList(2900, 3000)), List.of(before)).on(before.digest());

    // 2,900 names are more than the hundred resources that are left: the whole is the shorter way.
    assertThat(delta.isDelta()).isFalse();
    Transfer large =
        packed(ResourceTree.of(many.subList(2000, 3000)), List.of(before)).on(before.digest());
    assertThat(large.isDelta()).isTrue();
    assertThat(large.chunks()).hasSizeGreaterThan(1);
    assertThat(large.chunks().stream().map(Transfer.Chunk::removed).flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(
            many.subList(0, 2000).stream().map(Resource::key).toList());
  }

  private List<ControlSays> rest() {
    List<ControlSays> rest = new ArrayList<>();
    outbox.next().ifPresent(rest::add);
    int before = -1;
    while (rest.size() != before) {
      before = rest.size();
      outbox.next().ifPresent(rest::add);
    }
    return rest;
  }

  private static Transfer snapshot(int chunks) {
    List<Resource> resources = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      resources.add(new Resource("model/m" + i, new byte[SnapshotLimits.CHUNK_BYTES]));
    }
    return transfer(resources);
  }

  private static Transfer transfer(List<Resource> resources) {
    return packed(ResourceTree.of(resources), List.of()).whole();
  }

  private static PackedSnapshot packed(ResourceTree tree, List<ResourceTree> bases) {
    return new PackedSnapshot(
        new StoredSnapshot("eu-west", 1, tree.digest(), new byte[64], false, 0, tree, bases),
        PersistentMap.copyOf(Map.of()));
  }
}
