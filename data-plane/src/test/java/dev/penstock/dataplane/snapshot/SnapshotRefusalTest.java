package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static dev.penstock.dataplane.snapshot.SnapshotKit.REGION;
import static dev.penstock.dataplane.snapshot.SnapshotKit.SIGNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.snapshot.SnapshotAnswer.Refused;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A snapshot with a fault that touches everybody is refused as a whole. */
@NullUnmarked // a null where there should be none fails the test
final class SnapshotRefusalTest {

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

  static Stream<Arguments> wholeRefusals() {
    SnapshotChunk good = SnapshotKit.with("acme", "labs").chunk(8);
    return Stream.of(
        Arguments.of(
            "a delta on nothing",
            SnapshotKit.with("acme").chunk(8, SIGNING, REGION, SnapshotChunk.Kind.DELTA),
            Code.BAD_VALUE),
        Arguments.of(
            "a kind from the future",
            SnapshotKit.with("acme").chunk(8, SIGNING, REGION, SnapshotChunk.Kind.UNKNOWN),
            Code.UNSUPPORTED),
        Arguments.of(
            "a delta on another snapshot",
            SnapshotKit.with("acme", "labs", "ops").delta(8, SnapshotKit.with("acme").resources()),
            Code.BASE_MISMATCH),
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
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme", "labs", "ops").chunk(7));
    ServingSnapshot before = node.current.get();

    // When
    SnapshotAnswer answer = node.offer(chunk);

    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.errors()).extracting(ResourceError::code).contains(code);
              assertThat(refused.keptRevision()).isEqualTo(7);
            });
    assertThat(node.current.get()).isSameAs(before);
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
