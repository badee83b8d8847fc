package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static dev.penstock.dataplane.snapshot.SnapshotKit.REGION;
import static dev.penstock.dataplane.snapshot.SnapshotKit.SECRET_KEY;
import static dev.penstock.dataplane.snapshot.SnapshotKit.SECRET_VALUE;
import static dev.penstock.dataplane.snapshot.SnapshotKit.SIGNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.snapshot.SnapshotAnswer.Accepted;
import dev.penstock.dataplane.snapshot.SnapshotAnswer.Refused;
import dev.penstock.dataplane.wire.PolicyReader;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@NullUnmarked // a null where there should be none fails the test
final class SnapshotClientTest {

  @TempDir Path dir;

  private CurrentSnapshot current;
  private SnapshotClient client;

  @BeforeEach
  void open() throws IOException {
    restart();
  }

  private void restart() throws IOException {
    if (client != null) {
      client.close();
    }
    current = new CurrentSnapshot();
    client = SnapshotClient.open(dir, REGION, SIGNING.getPublic(), new PolicyReader(), current);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void putsAGoodSnapshotInForceAfterStoringIt() throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());

    // When
    SnapshotAnswer answer = offer(SnapshotKit.with("acme").chunk(7));

    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(Accepted.class, a -> assertThat(a.nonce()).isEqualTo(7));
    ServingSnapshot serving = current.get();
    assertThat(serving.revision()).isEqualTo(7);
    assertThat(serving.credentials().get(SECRET_KEY).value()).isEqualTo(SECRET_VALUE);
    assertThat(serving.credentials().get(SECRET_KEY).name()).isEqualTo("acme/openai-eu");
    assertThat(serving.toString() + serving.credentials()).doesNotContain(SECRET_VALUE);
    assertThat(serving.peppers()).containsOnlyKeys(1);
    assertThat(serving.content().keysById()).containsOnlyKeys("key-acme");

    // And
    restart();
    assertThat(current.get().revision()).isEqualTo(7);
    assertThat(current.get().credentials().get(SECRET_KEY).value()).isEqualTo(SECRET_VALUE);
    assertThat(Files.getPosixFilePermissions(dir.resolve("node.key"))).hasSize(2);
    assertThat(Files.getPosixFilePermissions(dir.resolve("snapshot.bin"))).hasSize(2);
    assertThat(new String(Files.readAllBytes(dir.resolve("snapshot.bin")), "ISO-8859-1"))
        .doesNotContain("acme");
  }

  static Stream<Arguments> wholeRefusals() {
    SnapshotChunk good = SnapshotKit.with("acme", "labs").chunk(8);
    return Stream.of(
        Arguments.of(
            "a delta",
            SnapshotKit.with("acme").chunk(8, SIGNING, REGION, SnapshotChunk.Kind.DELTA),
            Code.UNSUPPORTED),
        Arguments.of("an older revision", SnapshotKit.with("acme").chunk(6), Code.STALE_REVISION),
        Arguments.of("another digest", withDigest(good, new byte[32]), Code.DIGEST_MISMATCH),
        Arguments.of(
            "resources that were swapped",
            withResources(good, SnapshotKit.with("acme", "other").resources()),
            Code.DIGEST_MISMATCH),
        Arguments.of(
            "a resource twice",
            withResources(good, List.of(good.resources().get(0), good.resources().get(0))),
            Code.DIGEST_MISMATCH),
        Arguments.of(
            "another signer",
            SnapshotKit.with("acme")
                .chunk(8, SnapshotKit.newKeyPair(), REGION, SnapshotChunk.Kind.FULL),
            Code.BAD_SIGNATURE),
        Arguments.of(
            "another region",
            SnapshotKit.with("acme").chunk(8, SIGNING, "us-east", SnapshotChunk.Kind.FULL),
            Code.BAD_SIGNATURE),
        Arguments.of(
            "a model that is no message",
            SnapshotKit.with("acme").put("model/assistant", new byte[] {1}).chunk(8),
            Code.UNPARSABLE),
        Arguments.of(
            "a kind of resource from the future",
            SnapshotKit.with("acme").put("quota/acme", new byte[0]).chunk(8),
            Code.UNSUPPORTED),
        Arguments.of(
            "a provider that does not exist",
            SnapshotKit.with("acme").put("provider/openai-eu", new byte[0]).chunk(8),
            Code.BAD_VALUE),
        Arguments.of(
            "a pepper of another region",
            SnapshotKit.with("acme", "labs", "ops")
                .put("pepper/1", new byte[] {8, 1, 18, 2, 0, 0})
                .chunk(8),
            Code.BAD_VALUE),
        Arguments.of(
            "a huge resource",
            SnapshotKit.with("acme")
                .put("model/x", new byte[SnapshotLimits.MAX_RESOURCE_BYTES + 1])
                .chunk(8),
            Code.TOO_LARGE),
        Arguments.of(
            "a chunk out of its place",
            new SnapshotChunk(
                8,
                SnapshotChunk.Kind.FULL,
                8,
                1,
                2,
                good.resources(),
                good.digest(),
                good.signature(),
                false),
            Code.BAD_VALUE),
        Arguments.of("most tenants gone", SnapshotKit.with("acme").chunk(8), Code.MASS_DELETE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wholeRefusals")
  void refusesAsAWhole(String what, SnapshotChunk chunk, Code code) throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());
    offer(SnapshotKit.with("acme", "labs", "ops").chunk(7));
    ServingSnapshot before = current.get();

    // When
    SnapshotAnswer answer = offer(chunk);

    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.errors()).extracting(ResourceError::code).contains(code);
              assertThat(refused.keptRevision()).isEqualTo(7);
            });
    assertThat(current.get()).isSameAs(before);
  }

  @Test
  void removesManyWhenThatIsMeant() throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());
    offer(SnapshotKit.with("acme", "labs", "ops").chunk(7));
    SnapshotChunk chunk = SnapshotKit.with("acme").chunk(8);

    // When
    SnapshotAnswer answer =
        offer(
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
    assertThat(current.get().content().tenants()).containsOnlyKeys("acme");
  }

  static Stream<Arguments> badTenants() {
    return Stream.of(
        Arguments.of(
            SnapshotKit.with("acme", "labs").put("tenant/labs/policy", new byte[] {1}),
            Code.UNPARSABLE),
        Arguments.of(
            SnapshotKit.with("acme", "labs").tenant("labs", p -> p.addRequires("telepathy")),
            Code.UNKNOWN_FEATURE),
        Arguments.of(
            SnapshotKit.with("acme", "labs").tenant("labs", p -> p.addAllowedModels("none")),
            Code.BAD_REFERENCE),
        Arguments.of(
            SnapshotKit.with("acme", "labs")
                .keys("labs", key -> key.setTenant("acme").setId("key-x")),
            Code.BAD_VALUE),
        Arguments.of(
            SnapshotKit.with("acme", "labs").keys("labs", key -> key.setPepperVersion(9)),
            Code.BAD_REFERENCE));
  }

  @ParameterizedTest
  @MethodSource("badTenants")
  void keepsABadTenantsRulesAndAppliesTheOthers(SnapshotKit kit, Code code) throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());
    offer(
        SnapshotKit.with("acme", "labs")
            .tenant("labs", policy -> policy.addRequiredTags("old"))
            .chunk(7));
    kit.tenant("acme", policy -> policy.addRequiredTags("new"));

    // When
    SnapshotAnswer answer = offer(kit.chunk(8));

    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.errors())
                  .allMatch(error -> error.resourceKey().startsWith("tenant/labs/"))
                  .extracting(ResourceError::code)
                  .contains(code);
              assertThat(refused.keptRevision()).isEqualTo(8);
            });
    assertMixed();
    restart();
    assertMixed();
  }

  private void assertMixed() {
    ServingSnapshot serving = current.get();
    assertThat(serving.revision()).isEqualTo(8);
    assertThat(serving.content().tenants().get("acme").policy().requiredTags())
        .containsExactly("new");
    assertThat(serving.content().tenants().get("labs").policy().requiredTags())
        .containsExactly("old");
    assertThat(serving.content().keysById()).containsOnlyKeys("key-acme", "key-labs");
    assertThat(serving.content().keysById().get("key-labs").tenant()).isEqualTo("labs");
  }

  @Test
  void leavesOutABadTenantThatHadNoRules() throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());

    // When
    offer(SnapshotKit.with("acme", "labs").put("tenant/labs/policy", new byte[] {1}).chunk(7));

    // Then
    assertThat(current.get().content().tenants()).containsOnlyKeys("acme");
    assertThat(current.get().content().keysById()).containsOnlyKeys("key-acme");
  }

  @Test
  void takesASnapshotInChunks() throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());
    SnapshotChunk whole = SnapshotKit.with("acme", "labs").chunk(7);
    List<SnapshotAnswer> early = new ArrayList<>();

    // When
    int count = whole.resources().size();
    for (int i = 0; i < count - 1; i++) {
      client.onChunk(part(whole, i, count), early::add);
    }
    SnapshotAnswer answer = offer(part(whole, count - 1, count));

    // Then
    assertThat(early).isEmpty();
    assertThat(answer).isInstanceOf(Accepted.class);
  }

  @Test
  void believesNoFileButItsControlPlanes() throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());
    offer(SnapshotKit.with("acme").chunk(7));
    byte[] good = Files.readAllBytes(dir.resolve("snapshot.bin"));

    // When, Then: edited anywhere
    for (int at : IntStream.iterate(0, i -> i < good.length, i -> i + 97).toArray()) {
      byte[] edited = good.clone();
      edited[at] ^= 1;
      Files.write(dir.resolve("snapshot.bin"), edited);
      restart();
      assertThat(current.present()).isFalse();
    }
    // garbage and a cut file
    byte[] garbage = new byte[1000];
    new Random(1).nextBytes(garbage);
    for (byte[] file : List.of(garbage, new byte[0], new byte[] {1})) {
      Files.write(dir.resolve("snapshot.bin"), file);
      restart();
      assertThat(current.present()).isFalse();
    }
    // a link
    Files.write(dir.resolve("elsewhere"), good);
    Files.delete(dir.resolve("snapshot.bin"));
    Files.createSymbolicLink(dir.resolve("snapshot.bin"), dir.resolve("elsewhere"));
    restart();
    assertThat(current.present()).isFalse();
    // well encrypted, but signed by somebody who found the key
    SnapshotChunk forged =
        SnapshotKit.with("acme", "evil")
            .chunk(99, SnapshotKit.newKeyPair(), REGION, SnapshotChunk.Kind.FULL);
    store(forged);
    restart();
    assertThat(current.present()).isFalse();
  }

  @Test
  void prefersTheNewerOfItsTwoFilesWhicheverWayTheyAreNamed() throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());
    offer(SnapshotKit.with("acme").chunk(7));
    offer(SnapshotKit.with("acme").chunk(8));
    Path newest = dir.resolve("snapshot.bin");
    Path previous = dir.resolve("snapshot.bin.previous");
    byte[] seven = Files.readAllBytes(previous);
    byte[] eight = Files.readAllBytes(newest);

    // When, Then
    Files.write(newest, seven);
    Files.write(previous, eight);
    restart();
    assertThat(current.get().revision()).isEqualTo(8);
    Files.delete(previous);
    Files.delete(newest);
    Files.write(previous, eight); // killed between the two renames
    restart();
    assertThat(current.get().revision()).isEqualTo(8);
  }

  @Test
  void refusesARevokedKeyWhicheverComesFirst() throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());
    Set<String> told = new HashSet<>();
    current.onRevoked(told::addAll);

    // When
    client.onRevoke(8, Set.of("key-acme"));
    offer(SnapshotKit.with("acme").chunk(7));

    // Then
    assertThat(told).containsExactly("key-acme");
    assertThat(current.get().revokedKeyIds()).containsExactly("key-acme");
    offer(SnapshotKit.with("acme").keys("acme", key -> key.setRevoked(true)).chunk(8));
    assertThat(current.get().revokedKeyIds()).isEmpty();
    assertThat(current.get().content().keysById().get("key-acme").revoked()).isTrue();
  }

  @Test
  void tellsOfKeysThatASnapshotTakesAway() throws Exception {
    // Given
    client.onDeliveryKey(DELIVERY.encoded());
    offer(SnapshotKit.with("acme", "labs").chunk(7));
    Set<String> told = new HashSet<>();
    current.onRevoked(told::addAll);

    // When
    offer(SnapshotKit.with("acme").chunk(8));

    // Then
    assertThat(told).containsExactly("key-labs");
  }

  private void store(SnapshotChunk chunk) throws IOException {
    Files.deleteIfExists(dir.resolve("snapshot.bin"));
    SignedSnapshot signed =
        new SignedSnapshot(chunk.revision(), chunk.digest(), chunk.signature(), chunk.resources());
    ServingSnapshot unused =
        new ServingSnapshot(
            chunk.revision(),
            chunk.digest(),
            dev.penstock.kernel.snapshot.PolicyContent.EMPTY,
            java.util.Map.of(),
            java.util.Map.of(),
            Set.of());
    new SnapshotStore(dir, NodeKey.open(dir.resolve("node.key")))
        .save(new AppliedSnapshot(unused, signed, java.util.Map.of(), List.of()), DELIVERY);
  }

  private SnapshotAnswer offer(SnapshotChunk chunk) throws Exception {
    CompletableFuture<SnapshotAnswer> answer = new CompletableFuture<>();
    client.onChunk(chunk, answer::complete);
    return answer.get(10, TimeUnit.SECONDS);
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

  private static SnapshotChunk withDigest(SnapshotChunk chunk, byte[] digest) {
    return new SnapshotChunk(
        chunk.nonce(),
        chunk.kind(),
        chunk.revision(),
        0,
        1,
        chunk.resources(),
        digest,
        chunk.signature(),
        false);
  }

  private static SnapshotChunk withResources(SnapshotChunk chunk, List<Resource> resources) {
    return new SnapshotChunk(
        chunk.nonce(),
        chunk.kind(),
        chunk.revision(),
        0,
        1,
        resources,
        chunk.digest(),
        chunk.signature(),
        false);
  }
}
