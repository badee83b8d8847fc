package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of a content and the policies of their tenants, laid out for look-ups in which no
 * key comes twice in a row: what decides about a key lies in 64 bytes of one array, where maps and
 * records would lead to some twenty places of memory that no cache holds.
 *
 * <p>Immutable. Keys lie in pages by the number of their id, so that a changed copy costs the
 * change: it makes those pages anew that it touches and shares the others.
 */
public final class KeyTable {

  private static final int PAGE_SLOTS = 64;

  /** Taken slots of a page in the mean: so few that most keys lie where they are looked for. */
  private static final int KEYS_PER_PAGE = 28;

  private static final int SLOT_LONGS = 8;

  /** Numbers of tenants that are gone are kept up to this many more than half of all. */
  private static final int MAX_SPARE_NUMBERS = 64;

  // What stands where in a slot.
  private static final int ID = 0; // its number plus one; 0: the slot is free
  private static final int HASH = 1; // four longs
  private static final int EXPIRES_AT = 5; // Unix milliseconds; 0: never
  private static final int TENANT = 6; // its number
  private static final int PEPPER = 7; // its version, and above it REVOKED and NARROWED

  private static final long REVOKED = 1L << Integer.SIZE;

  /** The key may use only some of its tenant's models. */
  private static final long NARROWED = REVOKED << 1;

  private static final int HASH_BYTES = 32;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long[][] slots;
  private final KeyRule[][] rules;
  private final Tenants tenants;

  private KeyTable(long[][] slots, KeyRule[][] rules, Tenants tenants) {
    this.slots = slots;
    this.rules = rules;
    this.tenants = tenants;
  }

  /**
   * A table of all keys of a content. Those that nobody can send, because their id or hash has not
   * the form, are left out.
   */
  public static KeyTable of(PolicyContent content) {
    Tenants tenants = Tenants.of(content);
    int pages = content.keysById().size() / KEYS_PER_PAGE + 1;
    while (true) {
      KeyTable empty = new KeyTable(new long[pages][], new KeyRule[pages][], tenants);
      Map<Integer, Map<String, KeyRule>> byPage = new HashMap<>();
      for (KeyRule rule : content.keysById().values()) {
        empty
            .page(rule.id())
            .ifPresent(
                page -> byPage.computeIfAbsent(page, none -> new HashMap<>()).put(rule.id(), rule));
      }
      if (fits(byPage)) {
        for (int page = 0; page < pages; page++) {
          empty.fill(page, byPage.getOrDefault(page, Map.of()));
        }
        return empty;
      }
      pages += pages / 4 + 1; // rare, and it ends soon: the numbers are spread evenly
    }
  }

  /** The table of a content that came of the one that this table is of. */
  public KeyTable changed(PolicyContent before, PolicyContent after) {
    if (tenants.isOutgrown(after)) {
      return of(after);
    }
    Map<Integer, Map<String, KeyRule>> byPage = new HashMap<>();
    for (String id : changedKeys(before.keysById(), after.keysById())) {
      page(id)
          .ifPresent(page -> {
            Map<String, KeyRule> inPage = byPage.computeIfAbsent(page, this::keysOfPage);
            KeyRule rule = after.keysById().get(id);
            if (rule == null) {
              inPage.remove(id);
            } else {
              inPage.put(id, rule);
            }
          });
    }
    if (!fits(byPage)) {
      return of(after);
    }
    Set<String> changedTenants = changedKeys(before.tenants(), after.tenants());
    Stream<String> owners =
        byPage.values().stream().flatMap(page -> page.values().stream()).map(KeyRule::tenant);
    KeyTable changed =
        new KeyTable(
            slots.clone(),
            rules.clone(),
            tenants.with(Stream.concat(changedTenants.stream(), owners), after));
    byPage.forEach(changed::fill);
    return changed;
  }

  private static <V> Set<String> changedKeys(Map<String, V> before, Map<String, V> after) {
    return PersistentMap.copyOf(before).changedKeys(PersistentMap.copyOf(after));
  }

  private static boolean fits(Map<Integer, Map<String, KeyRule>> byPage) {
    return byPage.values().stream().allMatch(page -> page.size() <= PAGE_SLOTS);
  }

  private Map<String, KeyRule> keysOfPage(int page) {
    Map<String, KeyRule> keys = new HashMap<>();
    for (KeyRule rule : rules[page]) {
      if (rule != null) {
        keys.put(rule.id(), rule);
      }
    }
    return keys;
  }

  /** Only while nobody else has this table. */
  private void fill(int page, Map<String, KeyRule> keys) {
    slots[page] = new long[PAGE_SLOTS * SLOT_LONGS];
    rules[page] = new KeyRule[PAGE_SLOTS];
    keys.values().stream()
        .filter(rule -> rule.hash().length == HASH_BYTES)
        .forEach(rule -> put(page, rule));
  }

  private void put(int page, KeyRule rule) {
    long number = ApiKey.numberOf(rule.id()).orElseThrow();
    long[] into = slots[page];
    int slot = firstSlot(spread(number));
    while (into[slot * SLOT_LONGS + ID] != 0) {
      slot = (slot + 1) % PAGE_SLOTS;
    }
    int at = slot * SLOT_LONGS;
    into[at + ID] = number + 1;
    for (int i = 0; i < HASH_BYTES / Long.BYTES; i++) {
      into[at + HASH + i] = (long) LONGS.get(rule.hash(), i * Long.BYTES);
    }
    into[at + EXPIRES_AT] = rule.expiresAtUnixMillis();
    into[at + TENANT] = tenants.number(rule.tenant());
    into[at + PEPPER] =
        Integer.toUnsignedLong(rule.pepperVersion())
            | (rule.revoked() ? REVOKED : 0)
            | (rule.models().isEmpty() ? 0 : NARROWED);
    rules[page][slot] = rule;
  }

  /** The key of this number; its secret has not been compared. Null if there is none. */
  public @Nullable Found find(ApiKey key) {
    long spread = spread(key.number());
    int page = page(spread);
    long[] in = slots[page];
    int slot = firstSlot(spread);
    for (int tried = 0; tried < PAGE_SLOTS; tried++) {
      int at = slot * SLOT_LONGS;
      if (in[at + ID] == key.number() + 1) {
        return new Found(in, at, rules[page][slot], tenants, (int) in[at + TENANT]);
      }
      if (in[at + ID] == 0) {
        return null;
      }
      slot = (slot + 1) % PAGE_SLOTS;
    }
    return null;
  }

  /** How many tenants it knows or has known. */
  int tenantNumbers() {
    return tenants.numbers.size();
  }

  private OptionalInt page(String id) {
    OptionalLong number = ApiKey.numberOf(id);
    return number.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(page(spread(number.getAsLong())));
  }

  private int page(long spread) {
    return (int) Math.unsignedMultiplyHigh(spread, slots.length);
  }

  private static int firstSlot(long spread) {
    return (int) spread & (PAGE_SLOTS - 1);
  }

  /** Ids are random, but need not be: the finalizer of SplitMix64, so that each bit counts. */
  private static long spread(long number) {
    long mixed = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** A key of the table. It answers from the one place where the look-up has been. */
  public static final class Found implements ModelGate {

    private final long[] in;
    private final int at;
    private final KeyRule rule;
    private final Tenants tenants;
    private final int tenant;

    private Found(long[] in, int at, KeyRule rule, Tenants tenants, int tenant) {
      this.in = in;
      this.at = at;
      this.rule = rule;
      this.tenants = tenants;
      this.tenant = tenant;
    }

    /** Which pepper its hash was made with. */
    public int pepperVersion() {
      return (int) in[at + PEPPER];
    }

    /** Whether this is its hash, 32 bytes; in constant time. */
    public boolean hasHash(byte[] hash) {
      if (hash.length != HASH_BYTES) {
        return false;
      }
      long difference = 0;
      for (int i = 0; i < HASH_BYTES / Long.BYTES; i++) {
        difference |= in[at + HASH + i] ^ (long) LONGS.get(hash, i * Long.BYTES);
      }
      return difference == 0;
    }

    public boolean isRevoked() {
      return (in[at + PEPPER] & REVOKED) != 0;
    }

    public boolean hasExpired(long nowUnixMillis) {
      long expiresAt = in[at + EXPIRES_AT];
      return expiresAt != 0 && expiresAt <= nowUnixMillis;
    }

    public KeyRule rule() {
      return rule;
    }

    /** The policy of its tenant; null if the content has none. */
    public @Nullable TenantPolicy policy() {
      return tenants.policies[tenant];
    }

    @Override
    public boolean mayUse(String model) {
      ModelRule allowed = tenants.models[tenant];
      return allowed != null
          && allowed.permits(model)
          && ((in[at + PEPPER] & NARROWED) == 0
              || allowed.observesKeys()
              || rule.models().contains(model));
    }
  }

  /**
   * Which models a tenant may use; tenants with the same answer share one.
   *
   * @param any the allow-list is only recorded
   * @param observesKeys what its keys narrow is only recorded
   */
  private record ModelRule(Set<String> allowed, boolean any, boolean observesKeys) {

    static ModelRule of(EffectivePolicy policy) {
      return new ModelRule(
          policy.allowedModels(), policy.observed().anyModel(), policy.observed().keyModels());
    }

    boolean permits(String model) {
      return any || allowed.contains(model);
    }
  }

  /**
   * What tenants may, by a number that each keeps from one content to the next, so that a changed
   * policy does not touch the tenant's keys.
   *
   * @param models the part of the policies that every request asks for; it lies so near that asking
   *     does not wait for the policy itself
   */
  private record Tenants(
      PersistentMap<String, Integer> numbers,
      @Nullable TenantPolicy[] policies,
      @Nullable ModelRule[] models) {

    static Tenants of(PolicyContent content) {
      Tenants none =
          new Tenants(PersistentMap.copyOf(Map.of()), new TenantPolicy[0], new ModelRule[0]);
      return none.with(
          Stream.concat(
              content.tenants().keySet().stream(),
              content.keysById().values().stream().map(KeyRule::tenant)),
          content);
    }

    /** A copy in which these tenants have the policies that a content says. */
    Tenants with(Stream<String> names, PolicyContent content) {
      Map<String, Integer> added = new HashMap<>();
      Map<ModelRule, ModelRule> shared = new HashMap<>();
      @Nullable TenantPolicy[] changed = policies.clone();
      @Nullable ModelRule[] changedModels = models.clone();
      for (String name : names.collect(Collectors.toSet())) {
        Integer number = numbers.get(name);
        if (number == null) {
          number = numbers.size() + added.size();
          added.put(name, number);
        }
        if (number >= changed.length) {
          int size = Math.max(16, 2 * number);
          changed = Arrays.copyOf(changed, size);
          changedModels = Arrays.copyOf(changedModels, size);
        }
        TenantPolicy policy = content.tenants().get(name);
        changed[number] = policy;
        changedModels[number] =
            policy == null
                ? null
                : shared.computeIfAbsent(ModelRule.of(policy.policy()), rule -> rule);
      }
      return new Tenants(numbers.with(added, Set.of()), changed, changedModels);
    }

    int number(String name) {
      return Objects.requireNonNull(numbers.get(name), name);
    }

    /** Whether most are of tenants that the content no longer has. */
    boolean isOutgrown(PolicyContent content) {
      return numbers.size() > 2 * content.tenants().size() + MAX_SPARE_NUMBERS;
    }
  }
}
