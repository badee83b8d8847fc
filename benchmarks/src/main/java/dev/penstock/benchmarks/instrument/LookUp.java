package dev.penstock.benchmarks.instrument;

import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.apikey.KeyHash;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.KeyTable;
import dev.penstock.kernel.snapshot.KeyTable.Found;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What a node does to find out who asks and which policy binds them: reads the key, looks it up,
 * compares its hash, looks the tenant up and asks whether the model may be used. In this process,
 * on one thread, with keys in random order.
 *
 * <p>In batches: the texts of a batch are made just before it and outside of the clock, as a
 * request has just been read from its socket; everything that is looked up is wherever it is.
 */
public final class LookUp implements InProcess<LookUpRound> {
  /** Two million look-ups of each size. */
  public static final int WARM_UP_ROUNDS = 4;

  private static final String MODEL = "assistant";

  /** One set of all tenants, as a node has it that reads a snapshot. */
  private static final Set<String> MODELS = Set.of(MODEL, "copilot");

  private static final int BATCH = 64;
  private static final int BATCHES = 8_000;

  /** The fewer, and the many. */
  public static final String FEW = "10 tenants, 100 keys";

  public static final String CROWD = "10,000 tenants, 100,000 keys";

  private final String name;
  private final KeyHash hash;
  private final KeyTable table;
  private final byte[][] keys;
  private final Random random = new Random(1);

  /** Both sizes. */
  public static List<LookUp> sizes() {
    return List.of(new LookUp(FEW, 10, 10), new LookUp(CROWD, 10_000, 10));
  }

  /**
   * @param tenants each with this many keys
   */
  private LookUp(String name, int tenants, int keysPerTenant) {
    this.name = name;
    byte[] pepper = new byte[32];
    random.nextBytes(pepper);
    hash = new KeyHash(pepper);
    SecureRandom secure = new SecureRandom();
    Map<String, TenantPolicy> policies = new HashMap<>();
    Map<String, KeyRule> rules = new HashMap<>();
    List<byte[]> texts = new ArrayList<>();
    for (int tenant = 0; tenant < tenants; tenant++) {
      String owner = "tenant-" + tenant;
      policies.put(owner, policy(owner));
      for (int number = 0; number < keysPerTenant; number++) {
        ApiKey key = ApiKey.mint("live", secure);
        rules.put(key.id(), rule(key, owner, "app-" + number));
        texts.add(key.text().getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    keys = texts.toArray(byte[][]::new);
    table =
        KeyTable.of(
            new PolicyContent(policies, rules, Map.of(), Map.of(), Map.of(), Map.of(), Map.of()));
  }

  private static TenantPolicy policy(String owner) {
    EffectivePolicy policy =
        new EffectivePolicy(
            List.of("acme", owner),
            MODELS,
            Optional.of(Set.of("eu-west")),
            Map.of("businessUnit", "bench"),
            Set.of(),
            new UnknownPrice.Refuse());
    return new TenantPolicy(owner, policy, List.of(), Set.of());
  }

  private KeyRule rule(ApiKey key, String owner, String keyName) {
    return new KeyRule(
        key.id(), hash.of(key), 1, owner, keyName, Set.of(), Map.of("app", "bench"), 0, false);
  }

  @Override
  public String name() {
    return name;
  }

  /** One round of half a million look-ups. */
  @Override
  public LookUpRound measure(int round) {
    String[] texts = new String[BATCH];
    long nanos = 0;
    long found = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
      for (int i = 0; i < BATCH; i++) {
        texts[i] = new String(keys[random.nextInt(keys.length)], StandardCharsets.ISO_8859_1);
      }
      long began = System.nanoTime();
      for (String text : texts) {
        found += mayUse(text) ? 1 : 0;
      }
      nanos += System.nanoTime() - began;
    }
    long all = (long) BATCH * BATCHES;
    return new LookUpRound(
        round, name, (double) nanos / all, new Checked(all, all - found, Map.of()));
  }

  private boolean mayUse(String text) {
    ApiKey key = ApiKey.parse(text).orElseThrow();
    Found found = table.find(key);
    if (found == null || !found.hasHash(hash.of(key)) || found.isRevoked()) {
      return false;
    }
    return found.policy() != null && found.mayUse(MODEL);
  }
}
