package dev.penstock.kernel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PersistentMapTest {

  @Property(tries = 300)
  void aChangedCopyIsWhatAnOrdinaryMapWouldBeAndTheFirstStaysAsItWas(
      @ForAll @Size(max = 200) Map<@IntRange(max = 300) Integer, Integer> start,
      @ForAll @Size(max = 50) Map<@IntRange(max = 300) Integer, Integer> put,
      @ForAll @Size(max = 50) Set<@IntRange(max = 300) Integer> removed) {
    // Given
    PersistentMap<Integer, Integer> map = PersistentMap.copyOf(start);
    Map<Integer, Integer> expected = new HashMap<>(start);
    expected.keySet().removeAll(removed);
    expected.putAll(put);

    // When
    PersistentMap<Integer, Integer> changed = map.with(put, removed);

    // Then
    assertThat(changed).isEqualTo(expected).hasSize(expected.size());
    assertThat(map).isEqualTo(start).hasSize(start.size());
    for (int key = 0; key <= 300; key++) {
      assertThat(changed.get(key)).isEqualTo(expected.get(key));
      assertThat(changed.containsKey(key)).isEqualTo(expected.containsKey(key));
    }
  }

  @Property(tries = 300)
  void tellsWhichKeysHaveOtherValues(
      @ForAll @Size(max = 200) Map<@IntRange(max = 300) Integer, String> start,
      @ForAll @Size(max = 20) Map<@IntRange(max = 300) Integer, String> put,
      @ForAll @Size(max = 20) Set<@IntRange(max = 300) Integer> removed) {
    // Given
    PersistentMap<Integer, String> before = PersistentMap.copyOf(start);
    PersistentMap<Integer, String> after = before.with(put, removed);

    // When
    Set<Integer> changed = before.changedKeys(after);

    // Then
    for (int key = 0; key <= 300; key++) {
      assertThat(changed.contains(key)).isEqualTo(before.get(key) != after.get(key));
    }
    assertThat(after.changedKeys(before)).isEqualTo(changed);
  }

  @Example
  void staysQuickAndSharesWhatDidNotChangeAsItGrows() {
    // Given
    PersistentMap<Integer, Integer> map = PersistentMap.copyOf(Map.of());
    for (int i = 0; i < 100_000; i++) {
      map = map.with(Map.of(i, i), Set.of());
    }

    // When
    PersistentMap<Integer, Integer> changed = map.with(Map.of(7, 8), Set.of());

    // Then
    assertThat(map).hasSize(100_000).containsEntry(99_999, 99_999);
    List<Integer> looked = map.keysNotSharedWith(changed);
    assertThat(looked).contains(7).hasSizeLessThan(1000);
    assertThat(map.keysNotSharedWith(map)).isEmpty();
  }
}
