package dev.penstock.controlplane.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.snapshot.StoredSnapshot;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private final Outbox outbox = new Outbox();

  @Test
  void urgentGoesBetweenTheChunksOfASnapshot() {
    PackedSnapshot snapshot = snapshot(3);
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

    PackedSnapshot packed = PackedSnapshot.of(stored(resources), Set.of());

    assertThat(packed.chunks().stream().flatMap(List::stream)).containsExactlyElementsOf(resources);
    assertThat(packed.chunks())
        .allSatisfy(chunk ->
            assertThat(
                    chunk.size() == 1
                        || chunk.stream().mapToInt(each -> each.payload().length).sum()
                            <= SnapshotLimits.CHUNK_BYTES)
                .isTrue());
  }

  @Test
  void anEmptySnapshotIsOneEmptyChunk() {
    assertThat(PackedSnapshot.of(stored(List.of()), Set.of()).chunks()).containsExactly(List.of());
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

  private static PackedSnapshot snapshot(int chunks) {
    List<Resource> resources = new ArrayList<>();
    for (int i = 0; i < chunks; i++) {
      resources.add(new Resource("model/m" + i, new byte[SnapshotLimits.CHUNK_BYTES]));
    }
    return PackedSnapshot.of(stored(resources), Set.of());
  }

  private static StoredSnapshot stored(List<Resource> resources) {
    return new StoredSnapshot("eu-west", 1, new byte[32], new byte[64], false, 0, resources);
  }
}
