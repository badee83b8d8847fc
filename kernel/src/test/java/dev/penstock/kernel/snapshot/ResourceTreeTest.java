package dev.penstock.kernel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A delta leads from any state to any other, and the digest knows one from the other. */
class ResourceTreeTest {

  @Property(tries = 300)
  void theDeltaBetweenTwoStatesMakesOneOfTheOther(
      @ForAll("states") Map<String, Integer> before, @ForAll("states") Map<String, Integer> after) {
    // Given
    ResourceTree base = ResourceTree.of(resources(before));
    ResourceTree target = ResourceTree.of(resources(after));

    // When
    SnapshotDelta delta = base.deltaTo(target);
    ResourceTree reached = base.with(delta.resources(), delta.removed());

    // Then
    assertThat(reached.digest()).isEqualTo(target.digest()).isEqualTo(naive(resources(after)));
    assertThat(reached.resources()).isEqualTo(target.resources()).isEqualTo(resources(after));
    assertThat(reached.size()).isEqualTo(after.size());
    assertThat(reached.bytes()).isEqualTo(4L * after.size());
    assertThat(base.digest()).isEqualTo(naive(resources(before)));
  }

  @Property(tries = 300)
  void aDeltaHoldsWhatDiffersAndNothingElse(
      @ForAll("states") Map<String, Integer> before, @ForAll("states") Map<String, Integer> after) {
    SnapshotDelta delta =
        ResourceTree.of(resources(before)).deltaTo(ResourceTree.of(resources(after)));

    assertThat(delta.resources())
        .allSatisfy(put -> assertThat(put).isNotIn(resources(before)))
        .extracting(Resource::key)
        .doesNotHaveDuplicates();
    Set<String> gone = new HashSet<>(before.keySet());
    gone.removeAll(after.keySet());
    assertThat(delta.removed()).containsExactlyInAnyOrderElementsOf(gone);
  }

  @Property(tries = 200)
  void ofAStateThatIsNoLongerServedTheHashesAreEnough(
      @ForAll("states") Map<String, Integer> before, @ForAll("states") Map<String, Integer> after) {
    // Given
    ResourceTree earlier = ResourceTree.of(resources(before));
    ResourceTree now = ResourceTree.of(resources(after));
    SnapshotDelta back = now.deltaTo(earlier);
    Map<String, byte[]> hashes = new TreeMap<>();
    back.resources().forEach(put -> hashes.put(put.key(), sha256(put.payload())));

    // When
    ResourceTree known = now.withHashes(hashes, back.removed());

    // Then
    assertThat(known.digest()).isEqualTo(earlier.digest());
    assertThat(known.deltaTo(now)).usingRecursiveComparison().isEqualTo(earlier.deltaTo(now));
  }

  @Example
  void whatDoesNotFitIsRefused() {
    ResourceTree tree = ResourceTree.of(resources(Map.of("a", 1)));
    Resource twice = new Resource("b", new byte[0]);

    assertThatThrownBy(() -> tree.with(List.of(twice, twice), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tree.with(List.of(twice), List.of("b")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tree.with(List.of(), List.of("c")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<Map<String, Integer>> states() {
    // Few names, so that states have most in common; enough that buckets hold several.
    Arbitrary<String> names =
        Combinators.combine(
                Arbitraries.of("tenant/", "model/", "secret/acme/"),
                Arbitraries.integers().between(0, 400))
            .as((kind, number) -> kind + number);
    return Arbitraries.maps(names, Arbitraries.integers().between(0, 2)).ofMaxSize(120);
  }

  private static List<Resource> resources(Map<String, Integer> state) {
    List<Resource> resources = new ArrayList<>();
    new TreeMap<>(state)
        .forEach((key, value) ->
            resources.add(new Resource(key, ByteBuffer.allocate(4).putInt(value).array())));
    return resources;
  }

  /** The digest as it is described, with nothing shared and nothing remembered. */
  private static byte[] naive(List<Resource> resources) {
    Map<Integer, List<Resource>> buckets =
        resources.stream()
            .collect(
                Collectors.groupingBy(resource ->
                    ByteBuffer.wrap(sha256(resource.key().getBytes(StandardCharsets.UTF_8)))
                            .getInt()
                        >>> 20));
    List<byte[]> level = new ArrayList<>();
    for (int bucket = 0; bucket < 4096; bucket++) {
      ByteArrayOutputStream leaf = new ByteArrayOutputStream();
      leaf.write(0);
      for (Resource resource : buckets.getOrDefault(bucket, List.of())) {
        byte[] key = resource.key().getBytes(StandardCharsets.UTF_8);
        leaf.writeBytes(ByteBuffer.allocate(4).putInt(key.length).array());
        leaf.writeBytes(key);
        leaf.writeBytes(sha256(resource.payload()));
      }
      level.add(sha256(leaf.toByteArray()));
    }
    while (level.size() > 1) {
      List<byte[]> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        node.write(1);
        node.writeBytes(level.get(i));
        node.writeBytes(level.get(i + 1));
        above.add(sha256(node.toByteArray()));
      }
      level = above;
    }
    return level.getFirst();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
