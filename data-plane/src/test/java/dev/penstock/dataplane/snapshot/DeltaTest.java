package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.snapshot.SnapshotAnswer.Accepted;
import dev.penstock.dataplane.snapshot.SnapshotAnswer.Refused;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.proto.policy.v1.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes a snapshot leads to the same as the whole, and to nothing else. */
@NullUnmarked // a null where there should be none fails the test
final class DeltaTest {

  private static final List<String> TENANTS = List.of("acme", "labs", "ops", "health", "sales");

  @TempDir Path dir;

  private SnapshotTester node;

  @BeforeEach
  void open() throws IOException {
    node = new SnapshotTester(dir.resolve("deltas"));
    node.client.onDeliveryKey(DELIVERY.encoded());
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void anySequenceOfDeltasEndsWhereTheWholeWould() throws Exception {
    for (int seed = 0; seed < 8; seed++) {
      // Given
      Random random = new Random(seed);
      SnapshotTester wholes = new SnapshotTester(dir.resolve("wholes" + seed));
      SnapshotTester deltas = new SnapshotTester(dir.resolve("deltas" + seed));
      wholes.client.onDeliveryKey(DELIVERY.encoded());
      deltas.client.onDeliveryKey(DELIVERY.encoded());
      SnapshotKit kit = SnapshotKit.with(TENANTS.toArray(String[]::new));
      deltas.offer(kit.chunk(1));
      wholes.offer(kit.chunk(1));

      // When, Then
      List<Resource> base = kit.resources();
      for (int revision = 2; revision < 25; revision++) {
        change(kit, random);
        SnapshotAnswer byWhole = wholes.offer(kit.chunk(revision));
        SnapshotAnswer byDelta = deltas.offer(kit.delta(revision, base));
        assertThat(byDelta.getClass()).isEqualTo(byWhole.getClass());
        assertSame(deltas, wholes);
        if (deltas.current.get().revision() == revision) {
          base = kit.resources(); // else it was refused as a whole
        }
        if (random.nextInt(6) == 0) {
          deltas.restart();
          wholes.restart();
          assertSame(deltas, wholes);
        }
      }
      wholes.close();
      deltas.close();
    }
  }

  private static void assertSame(SnapshotTester one, SnapshotTester other) {
    ServingSnapshot left = one.current.get();
    ServingSnapshot right = other.current.get();
    assertThat(left.revision()).isEqualTo(right.revision());
    assertThat(left.digest()).isEqualTo(right.digest());
    assertThat(left.content()).usingRecursiveComparison().isEqualTo(right.content());
    assertThat(left.credentials()).isEqualTo(right.credentials());
  }

  /** A few changes, now and then one that is bad or that touches everybody. */
  private static void change(SnapshotKit kit, Random random) {
    for (int i = 0; i <= random.nextInt(3); i++) {
      String tenant = TENANTS.get(random.nextInt(TENANTS.size()));
      int number = random.nextInt(1000);
      switch (random.nextInt(8)) {
        case 0, 1 -> kit.tenant(tenant, policy -> policy.addRequiredTags("tag-" + number));
        case 2, 3 -> kit.keys(tenant, key -> key.setName("app-" + number));
        case 4 -> kit.keys(tenant, key -> key.setRevoked(true));
        case 5 -> kit.keys(tenant, key -> key.setId("key-" + tenant + number % 3));
        case 6 -> kit.tenant("labs", policy -> policy.addRequires("telepathy"));
        case 7 -> kit.put("model/extra", model(number));
        default -> throw new AssertionError();
      }
    }
  }

  private static byte[] model(int number) {
    return Model.newBuilder().setName("extra").setContextTokens(number).build().toByteArray();
  }

  @Test
  void aDeltaThatIsCutOrFlippedIsRefusedAndTheLastGoodOneStays() throws Exception {
    // Given
    SnapshotKit kit = SnapshotKit.with("acme", "labs");
    List<Resource> base = kit.resources();
    node.offer(kit.chunk(7));
    SnapshotChunk good =
        kit.keys("labs", key -> key.setName("other")).remove("tenant/acme/keys/0").delta(8, base);
    ServingSnapshot before = node.current.get();

    // When, Then
    for (SnapshotChunk spoiled : spoiled(good)) {
      assertThat(node.offer(spoiled)).isInstanceOf(Refused.class);
      assertThat(node.current.get()).isSameAs(before);
    }
    assertThat(node.offer(good)).isInstanceOf(Accepted.class);
    // replayed: it no longer changes what is in force
    assertThat(node.offer(good))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.errors())
                    .extracting(ResourceError::code)
                    .containsExactly(Code.BASE_MISMATCH));
    assertThat(node.current.get().revision()).isEqualTo(8);
  }

  private static List<SnapshotChunk> spoiled(SnapshotChunk good) {
    List<SnapshotChunk> spoiled = new ArrayList<>();
    Resource put = good.resources().getFirst();
    byte[] payload = put.payload();
    for (int at = 0; at < payload.length; at++) {
      byte[] flipped = payload.clone();
      flipped[at] ^= 1;
      spoiled.add(with(good, List.of(new Resource(put.key(), flipped)), good.removed(), 8));
      byte[] cut = Arrays.copyOf(payload, at);
      spoiled.add(with(good, List.of(new Resource(put.key(), cut)), good.removed(), 8));
    }
    spoiled.add(with(good, List.of(), good.removed(), 8));
    spoiled.add(with(good, good.resources(), List.of(), 8));
    spoiled.add(with(good, good.resources(), List.of("tenant/none/keys/0"), 8));
    spoiled.add(with(good, List.of(put, put), good.removed(), 8));
    spoiled.add(with(good, good.resources(), List.of(put.key()), 8));
    spoiled.add(with(good, good.resources(), good.removed(), 9)); // signed for another revision
    spoiled.add(with(good, good.resources(), good.removed(), 6)); // older than what is in force
    return spoiled;
  }

  private static SnapshotChunk with(
      SnapshotChunk chunk, List<Resource> resources, List<String> removed, long revision) {
    return new SnapshotChunk(
        chunk.nonce(),
        chunk.kind(),
        revision,
        0,
        1,
        resources,
        chunk.digest(),
        chunk.signature(),
        false,
        chunk.baseDigest(),
        removed);
  }

  @Test
  void aFullSnapshotFollowsOnADeltaThatDidNotFit() throws Exception {
    // Given
    SnapshotKit kit = SnapshotKit.with("acme", "labs");
    node.offer(kit.chunk(7));
    List<Resource> notItsBase = SnapshotKit.with("acme").resources();

    // When
    SnapshotAnswer delta = node.offer(kit.tenant("acme", p -> {}).delta(8, notItsBase));
    SnapshotAnswer whole = node.offer(kit.chunk(8));

    // Then
    assertThat(delta).isInstanceOf(Refused.class);
    assertThat(whole).isInstanceOf(Accepted.class);
  }

  @Test
  void manyKeysDoNotDisappearByMistake() throws Exception {
    // Given
    SnapshotKit kit = SnapshotKit.with("acme", "labs", "ops");
    List<Resource> base = kit.resources();
    node.offer(kit.chunk(7));

    // When
    SnapshotAnswer answer =
        node.offer(kit.remove("tenant/labs/keys/0").remove("tenant/ops/keys/0").delta(8, base));

    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.errors())
                    .extracting(ResourceError::code)
                    .containsExactly(Code.MASS_DELETE));
  }

  @Test
  void whatIsLeftOfTheLogIsServedAfterAKillAtAnyByte() throws Exception {
    // Given
    SnapshotKit kit = SnapshotKit.with("acme");
    node.offer(kit.chunk(7));
    byte[] snapshotFile = Files.readAllBytes(dir.resolve("deltas/snapshot.bin"));
    for (int revision = 8; revision < 12; revision++) {
      List<Resource> base = kit.resources();
      int number = revision;
      node.offer(kit.keys("acme", key -> key.setName("app-" + number)).delta(revision, base));
    }
    Path log = dir.resolve("deltas/snapshot.log");
    byte[] whole = Files.readAllBytes(log);
    assertThat(Files.readAllBytes(dir.resolve("deltas/snapshot.bin"))).isEqualTo(snapshotFile);
    assertThat(new String(whole, "ISO-8859-1")).doesNotContain("app-");
    assertThat(Files.getPosixFilePermissions(log)).hasSize(2);

    // When, Then
    long last = 7;
    for (int length = 0; length <= whole.length; length += 7) {
      Files.write(log, Arrays.copyOf(whole, length));
      node.restart();
      assertThat(node.current.get().revision()).isBetween(last, 11L);
      last = node.current.get().revision();
    }
    Files.write(log, whole);
    node.restart();
    assertThat(node.current.get().revision()).isEqualTo(11);
    for (int at = 0; at < whole.length; at += 13) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(log, flipped);
      node.restart();
      assertThat(node.current.get().revision()).isBetween(7L, 11L);
    }
    // A delta after a restart is not written behind what may be half an entry.
    List<Resource> base = kit.resources();
    Files.write(log, whole);
    node.restart();
    node.offer(kit.keys("acme", key -> key.setName("last")).delta(12, base));
    node.restart();
    assertThat(node.current.get().revision()).isEqualTo(12);
  }
}
