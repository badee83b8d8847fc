package dev.penstock.kernel.snapshot;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map; a changed copy of it costs the change, as it shares all parts that it does not
 * touch. Look-ups take one step more than those of an ordinary immutable map.
 *
 * <p>The entries lie in small immutable maps, by their hash. There are at least {@value #MIN_PARTS}
 * of these and so many that each holds about {@value #ENTRIES_PER_PART} entries at most.
 */
public final class PersistentMap<K, V> extends AbstractMap<K, V> {

  private static final int MIN_PARTS = 16;
  private static final int MAX_PARTS = 1 << 16;
  private static final int ENTRIES_PER_PART = 32;

  /** Spreads hash codes (2^32 divided by the golden ratio), as the upper bits choose the part. */
  private static final int SPREAD = 0x9E3779B9;

  private final Map<K, V>[] parts;
  private final int size;
  private final int shift;

  private PersistentMap(Map<K, V>[] parts, int size) {
    this.parts = parts;
    this.size = size;
    shift = Integer.SIZE - Integer.numberOfTrailingZeros(parts.length);
  }

  /** A map of these entries; the map itself where it is a persistent one already. */
  public static <K, V> PersistentMap<K, V> copyOf(Map<K, V> map) {
    return map instanceof PersistentMap<K, V> persistent ? persistent : build(map);
  }

  private static <K, V> PersistentMap<K, V> build(Map<K, V> map) {
    int wanted = Math.clamp(map.size() / (ENTRIES_PER_PART / 2), MIN_PARTS, MAX_PARTS);
    int count = Integer.highestOneBit(wanted);
    PersistentMap<K, V> empty = new PersistentMap<>(emptyParts(count), 0);
    return empty.with(map, Set.of());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays have no type parameters
  private static <K, V> Map<K, V>[] emptyParts(int count) {
    Map<K, V>[] parts = new Map[count];
    Arrays.fill(parts, Map.<K, V>of());
    return parts;
  }

  /** A copy without the one and with the other keys; what is put wins over what is removed. */
  public PersistentMap<K, V> with(Map<? extends K, ? extends V> put, Collection<?> removed) {
    Map<Integer, Map<K, V>> touched = new HashMap<>();
    removed.forEach(key -> touched.computeIfAbsent(index(key), this::copyOfPart).remove(key));
    put.forEach(
        (key, value) -> touched.computeIfAbsent(index(key), this::copyOfPart).put(key, value));
    Map<K, V>[] changed = parts.clone();
    int newSize = size;
    for (Map.Entry<Integer, Map<K, V>> part : touched.entrySet()) {
      newSize += part.getValue().size() - parts[part.getKey()].size();
      changed[part.getKey()] = Map.copyOf(part.getValue());
    }
    PersistentMap<K, V> result = new PersistentMap<>(changed, newSize);
    boolean crowded = newSize / ENTRIES_PER_PART > parts.length && parts.length < MAX_PARTS;
    return crowded ? build(result) : result;
  }

  private Map<K, V> copyOfPart(int index) {
    return new HashMap<>(parts[index]);
  }

  private int index(Object key) {
    return (key.hashCode() * SPREAD) >>> shift;
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    return key == null ? null : parts[index(key)].get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key != null && parts[index(key)].containsKey(key);
  }

  /**
   * Keys of which another version of this map may have other values, or none: all but those in
   * parts that the two share. Costs little where one was made of the other.
   */
  public List<K> keysNotSharedWith(PersistentMap<K, V> other) {
    List<K> keys = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (parts.length != other.parts.length || parts[i] != other.parts[i]) {
        keys.addAll(parts[i].keySet());
      }
    }
    return keys;
  }

  /** Keys whose values in another version of this map are other objects, or that one has not. */
  public Set<K> changedKeys(PersistentMap<K, V> other) {
    Set<K> changed = new HashSet<>();
    for (K key : keysNotSharedWith(other)) {
      if (get(key) != other.get(key)) {
        changed.add(key);
      }
    }
    for (K key : other.keysNotSharedWith(this)) {
      if (!containsKey(key)) {
        changed.add(key);
      }
    }
    return changed;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<K, V>> iterator() {
        return new Entries();
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  private final class Entries implements Iterator<Map.Entry<K, V>> {

    private int nextPart;
    private Iterator<Map.Entry<K, V>> within = Map.<K, V>of().entrySet().iterator();

    @Override
    public boolean hasNext() {
      while (!within.hasNext() && nextPart < parts.length) {
        within = parts[nextPart++].entrySet().iterator();
      }
      return within.hasNext();
    }

    @Override
    public Map.Entry<K, V> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return within.next();
    }
  }
}
