package dev.penstock.kernel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.apikey.KeyHash;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.KeyTable.Found;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeyTableTest {

  private static final KeyHash HASH = new KeyHash(new byte[32]);
  private static final List<ApiKey> KEYS = minted(600);
  private static final List<String> MODELS = List.of("assistant", "copilot", "sonnet");
  private static final List<String> TENANTS = List.of("acme", "labs", "bank", "gone");

  /** Whatever happens to tenants and keys, a changed table says what one made anew says. */
  @Property(tries = 200)
  void changesAndContentAgree(@ForAll long seed) {
    Random random = new Random(seed);
    PolicyContent content = PolicyContent.EMPTY;
    KeyTable table = KeyTable.of(content);
    for (int step = 0; step < 12; step++) {
      PolicyContent next = changed(content, random);
      table = table.changed(content, next);
      content = next;
      assertSays(table, content);
    }
    assertSays(KeyTable.of(content), content);
  }

  @Test
  void anOlderTableKeepsWhatItSaid() {
    PolicyContent before = with(PolicyContent.EMPTY, Map.of(), KEYS.subList(0, 300));
    KeyTable table = KeyTable.of(before);

    PolicyContent after = before.with(Map.of(), Map.of(), ids(KEYS.subList(0, 200)));
    KeyTable changed = table.changed(before, after);

    assertSays(table, before);
    assertSays(changed, after);
  }

  @Test
  void keysThatNobodyCanSendAreLeftOut() {
    KeyRule oddId = rule("key-acme", new byte[32], "acme", 0, false);
    KeyRule oddHash = rule(KEYS.getFirst().id(), new byte[31], "acme", 0, false);
    PolicyContent content =
        PolicyContent.EMPTY.with(
            Map.of(), Map.of(oddId.id(), oddId, oddHash.id(), oddHash), Set.of());

    KeyTable table = KeyTable.of(content);

    assertThat(table.find(KEYS.getFirst())).isNull();
  }

  @Test
  void tenantsThatComeAndGoLeaveNothingBehind() {
    ApiKey key = KEYS.getFirst();
    PolicyContent content = with(PolicyContent.EMPTY, Map.of("acme", policy("acme")), List.of(key));
    KeyTable table = KeyTable.of(content);
    for (int i = 0; i < 500; i++) {
      PolicyContent other =
          new PolicyContent(
              Map.of("acme", policy("acme"), "guest-" + i, policy("guest-" + i)),
              content.keysById(),
              Map.of(),
              Map.of(),
              Map.of(),
              Map.of(),
              Map.of());
      table = table.changed(content, other);
      content = other;
      assertSays(table, content);
    }
    assertThat(table.tenantNumbers()).isLessThan(100);
  }

  private static PolicyContent changed(PolicyContent content, Random random) {
    Map<String, TenantPolicy> tenants = new HashMap<>();
    TENANTS.stream()
        .filter(name -> !name.equals("gone") && random.nextInt(3) == 0)
        .forEach(name -> tenants.put(name, policy(name, random)));
    Map<String, KeyRule> put = new HashMap<>();
    Set<String> removed = new HashSet<>();
    int changes = random.nextInt(random.nextBoolean() ? 5 : 400);
    for (int i = 0; i < changes; i++) {
      ApiKey key = KEYS.get(random.nextInt(KEYS.size()));
      if (random.nextInt(3) == 0) {
        removed.add(key.id());
      } else {
        put.put(key.id(), ruleOf(key, random));
      }
    }
    return content.with(tenants, put, removed);
  }

  private static void assertSays(KeyTable table, PolicyContent content) {
    for (ApiKey key : KEYS) {
      KeyRule rule = content.keysById().get(key.id());
      Found found = table.find(key);
      assertThat(found == null).isEqualTo(rule == null);
      if (rule == null || found == null) {
        continue;
      }
      assertThat(found.rule()).isSameAs(rule);
      assertThat(found.policy()).isSameAs(content.tenants().get(rule.tenant()));
      assertThat(found.hasHash(HASH.of(key))).isTrue();
      assertThat(found.hasHash(flipped(HASH.of(key)))).isFalse();
      assertThat(found.pepperVersion()).isEqualTo(rule.pepperVersion());
      assertThat(found.isRevoked()).isEqualTo(rule.revoked());
      assertThat(found.hasExpired(999)).isFalse();
      assertThat(found.hasExpired(1000)).isEqualTo(rule.expiresAtUnixMillis() == 1000);
      TenantPolicy policy = content.tenants().get(rule.tenant());
      for (String model : MODELS) {
        assertThat(found.mayUse(model))
            .isEqualTo(policy != null && ModelGate.of(policy.policy(), rule).mayUse(model));
      }
    }
  }

  private static byte[] flipped(byte[] hash) {
    hash[hash.length - 1] ^= 1;
    return hash;
  }

  private static PolicyContent with(
      PolicyContent content, Map<String, TenantPolicy> tenants, List<ApiKey> keys) {
    Map<String, KeyRule> rules = new HashMap<>();
    keys.forEach(key -> rules.put(key.id(), rule(key.id(), HASH.of(key), "acme", 0, false)));
    return content.with(tenants, rules, Set.of());
  }

  private static Set<String> ids(List<ApiKey> keys) {
    Set<String> ids = new HashSet<>();
    keys.forEach(key -> ids.add(key.id()));
    return ids;
  }

  private static KeyRule ruleOf(ApiKey key, Random random) {
    return new KeyRule(
        key.id(),
        HASH.of(key),
        7,
        TENANTS.get(random.nextInt(TENANTS.size())),
        "app",
        random.nextBoolean() ? Set.of() : someModels(random),
        Map.of(),
        random.nextBoolean() ? 0 : 1000,
        random.nextBoolean());
  }

  private static KeyRule rule(
      String id, byte[] hash, String tenant, long expiresAtUnixMillis, boolean revoked) {
    return new KeyRule(
        id, hash, 7, tenant, "app", Set.of(), Map.of(), expiresAtUnixMillis, revoked);
  }

  private static Set<String> someModels(Random random) {
    return MODELS.stream().filter(model -> random.nextBoolean()).collect(Collectors.toSet());
  }

  private static TenantPolicy policy(String tenant, Random random) {
    EffectivePolicy policy =
        new EffectivePolicy(
            List.of(tenant),
            someModels(random),
            Optional.empty(),
            Map.of(),
            Set.of(),
            new UnknownPrice.Refuse(),
            new ObservedRules(
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                random.nextInt(4) == 0,
                random.nextInt(4) == 0),
            Optional.empty(),
            Optional.empty());
    return new TenantPolicy(tenant, policy, List.of(), Set.of());
  }

  private static TenantPolicy policy(String tenant) {
    EffectivePolicy policy =
        new EffectivePolicy(
            List.of(tenant),
            Set.of(),
            Optional.empty(),
            Map.of(),
            Set.of(),
            new UnknownPrice.Refuse());
    return new TenantPolicy(tenant, policy, List.of(), Set.of());
  }

  private static List<ApiKey> minted(int count) {
    SecureRandom random = new SecureRandom();
    return Stream.generate(() -> ApiKey.mint("live", random)).limit(count).toList();
  }
}
