package dev.penstock.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.money.TokenPrice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PolicyFoldTest {

  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @Property
  void aChildNeverHasWhatAnAncestorLacks(@ForAll("paths") List<TenantRules> path) {
    EffectivePolicy effective = PolicyFold.fold(path);

    for (TenantRules tenant : path) {
      tenant
          .policy()
          .allowedModels()
          .ifPresent(models -> assertThat(models).containsAll(effective.allowedModels()));
      tenant
          .policy()
          .regions()
          .ifPresent(
              regions -> assertThat(regions).containsAll(effective.residency().orElseThrow()));
      assertThat(effective.requiredTags()).containsAll(tenant.requiredTags());
    }
  }

  @Property
  void everyStepDownNarrows(@ForAll("paths") List<TenantRules> path) {
    for (int depth = 1; depth < path.size(); depth++) {
      EffectivePolicy above = PolicyFold.fold(path.subList(0, depth));
      EffectivePolicy below = PolicyFold.fold(path.subList(0, depth + 1));

      boolean opened =
          path.subList(0, depth).stream().anyMatch(t -> t.policy().allowedModels().isPresent());
      if (opened) {
        assertThat(above.allowedModels()).containsAll(below.allowedModels());
      }
      for (String region : NAMES) {
        assertThat(!below.mayBeIn(region) || above.mayBeIn(region)).isTrue();
      }
      assertThat(below.requiredTags()).containsAll(above.requiredTags());
    }
  }

  @Property
  void theOrderOfAncestorsDoesNotMatterForWhatIsAllowed(@ForAll("paths") List<TenantRules> path) {
    List<TenantRules> reversed = new ArrayList<>(path);
    Collections.reverse(reversed);

    EffectivePolicy one = PolicyFold.fold(path);
    EffectivePolicy other = PolicyFold.fold(reversed);

    assertThat(other.allowedModels()).isEqualTo(one.allowedModels());
    assertThat(other.residency()).isEqualTo(one.residency());
    assertThat(other.unknownPrice()).isEqualTo(one.unknownPrice());
    assertThat(other.requiredTags()).isEqualTo(one.requiredTags());
  }

  @Property
  void sayingItTwiceChangesNothing(@ForAll("paths") List<TenantRules> path) {
    List<TenantRules> twice = new ArrayList<>(path);
    twice.addAll(path);

    assertThat(PolicyFold.fold(twice).allowedModels())
        .isEqualTo(PolicyFold.fold(path).allowedModels());
    assertThat(PolicyFold.fold(twice).residency()).isEqualTo(PolicyFold.fold(path).residency());
  }

  @Test
  void allowsNothingWhereNobodyAllowsAnything() {
    EffectivePolicy effective = PolicyFold.fold(List.of(tenant("acme", PolicyRules.NONE)));

    assertThat(effective.allowedModels()).isEmpty();
    assertThat(effective.mayBeIn("anywhere")).isTrue();
    assertThat(effective.unknownPrice()).isEqualTo(new UnknownPrice.Refuse());
  }

  @Test
  void deniesAnUnknownRegionWhereARuleExists() {
    PolicyRules rule =
        new PolicyRules(Optional.empty(), Optional.of(Set.of("eu-west")), Optional.empty());

    EffectivePolicy effective = PolicyFold.fold(List.of(tenant("acme", rule)));

    assertThat(effective.mayBeIn("")).isFalse();
    assertThat(effective.mayBeIn("us-east")).isFalse();
    assertThat(effective.mayBeIn("eu-west")).isTrue();
  }

  @Test
  void overridesTagsFromBelow() {
    TenantRules root =
        new TenantRules("acme", Map.of("unit", "all", "site", "x"), Set.of(), PolicyRules.NONE);
    TenantRules child = new TenantRules("labs", Map.of("unit", "labs"), Set.of(), PolicyRules.NONE);

    assertThat(PolicyFold.fold(List.of(root, child)).tags())
        .containsExactlyInAnyOrderEntriesOf(Map.of("unit", "labs", "site", "x"));
  }

  @Provide
  Arbitrary<List<TenantRules>> paths() {
    Arbitrary<Optional<Set<String>>> names = Arbitraries.of(NAMES).set().optional();
    Arbitrary<Optional<UnknownPrice>> price =
        Arbitraries.<UnknownPrice>of(
                new UnknownPrice.Refuse(),
                new UnknownPrice.Ceiling(new TokenPrice(5)),
                new UnknownPrice.Ceiling(new TokenPrice(9)))
            .optional();
    Arbitrary<PolicyRules> rules = Combinators.combine(names, names, price).as(PolicyRules::new);
    Arbitrary<Set<String>> tags = Arbitraries.of(NAMES).set().ofMaxSize(2);
    return Combinators.combine(Arbitraries.of(NAMES), tags, rules)
        .as((name, required, policy) -> new TenantRules(name, Map.of(), required, policy))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  private static TenantRules tenant(String name, PolicyRules rules) {
    return new TenantRules(name, Map.of(), Set.of(), rules);
  }
}
