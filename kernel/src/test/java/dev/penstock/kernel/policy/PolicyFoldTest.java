package dev.penstock.kernel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.guard.GuardRef;
import dev.penstock.kernel.money.TokenPrice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PolicyFoldTest {

  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @Property
  void aChildNeverHasWhatAnAncestorLacks(@ForAll("paths") List<TenantRules> path) {
    EffectivePolicy effective = PolicyFold.fold(path);

    for (TenantRules tenant : path) {
      if (!tenant.enforces()) {
        continue;
      }
      for (String name : NAMES) {
        if (effective.mayUse(name)) {
          tenant.policy().allowedModels().ifPresent(models -> assertThat(models).contains(name));
        }
        if (effective.mayBeIn(name)) {
          tenant.policy().regions().ifPresent(regions -> assertThat(regions).contains(name));
        }
      }
      assertThat(effective.requiredTags()).containsAll(tenant.requiredTags());
      tenant
          .policy()
          .unknownPrice()
          .ifPresent(price ->
              assertThat(UnknownPrice.stricter(effective.unknownPrice(), price))
                  .isEqualTo(effective.unknownPrice()));
    }
  }

  @Property
  void aTenantThatObservesIsBoundByItsAncestorsAsIfItHadSaidNothing(
      @ForAll("paths") List<TenantRules> above, @ForAll("paths") List<TenantRules> any) {
    TenantRules child = withMode(any.getFirst(), PolicyMode.OBSERVE);
    EffectivePolicy parent = PolicyFold.fold(above);
    EffectivePolicy effective = PolicyFold.fold(append(above, child));

    assertThat(effective.allowedModels()).isEqualTo(parent.allowedModels());
    assertThat(effective.residency()).isEqualTo(parent.residency());
    assertThat(effective.requiredTags()).isEqualTo(parent.requiredTags());
    boolean enforcedList =
        above.stream().anyMatch(t -> t.enforces() && t.policy().allowedModels().isPresent());
    assertThat(effective.observed().anyModel() && enforcedList).isFalse();
  }

  @Property
  void whatGoesOnUnrecordedIsWhatEnforcingWouldAllow(@ForAll("paths") List<TenantRules> path) {
    EffectivePolicy effective = PolicyFold.fold(path);
    EffectivePolicy strict =
        PolicyFold.fold(path.stream().map(t -> withMode(t, PolicyMode.ENFORCE)).toList());

    for (String name : NAMES) {
      assertThat(effective.mayUse(name) && effective.observed().allows(name))
          .isEqualTo(strict.mayUse(name));
      assertThat(effective.mayBeIn(name) && effective.observed().mayBeIn(name))
          .isEqualTo(strict.mayBeIn(name));
    }
    Set<String> tags = new HashSet<>(effective.requiredTags());
    tags.addAll(effective.observed().requiredTags());
    assertThat(tags).isEqualTo(strict.requiredTags());
  }

  @Property
  void aTenantIsSuspendedWithItsAncestors(@ForAll("paths") List<TenantRules> path) {
    Optional<String> first =
        path.stream().filter(TenantRules::suspended).map(TenantRules::name).findFirst();

    assertThat(PolicyFold.fold(path).suspendedBy()).isEqualTo(first);
  }

  @Property
  void everyStepDownNarrows(@ForAll("paths") List<TenantRules> path) {
    for (int depth = 1; depth < path.size(); depth++) {
      EffectivePolicy above = PolicyFold.fold(path.subList(0, depth));
      EffectivePolicy below = PolicyFold.fold(path.subList(0, depth + 1));

      boolean opened =
          path.subList(0, depth).stream().anyMatch(t -> t.policy().allowedModels().isPresent());
      for (String model : NAMES) {
        assertThat(opened && below.mayUse(model) && !above.mayUse(model)).isFalse();
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
    assertThat(other.observed().allowedModels()).isEqualTo(one.observed().allowedModels());
    assertThat(other.observed().residency()).isEqualTo(one.observed().residency());
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
  void opensNothingBesideAnEnforcedListAndEverythingBesideAnObservedOne() {
    PolicyRules enforced =
        new PolicyRules(Optional.of(Set.of("a")), Optional.empty(), Optional.empty());
    PolicyRules observed =
        new PolicyRules(
            PolicyMode.OBSERVE, Optional.of(Set.of("b")), Optional.empty(), Optional.empty());

    EffectivePolicy both =
        PolicyFold.fold(List.of(tenant("acme", enforced), tenant("labs", observed)));
    EffectivePolicy alone =
        PolicyFold.fold(List.of(tenant("acme", PolicyRules.NONE), tenant("labs", observed)));

    assertThat(both.mayUse("a")).isTrue();
    assertThat(both.observed().allows("a")).isFalse();
    assertThat(both.mayUse("b")).isFalse();
    assertThat(alone.mayUse("c")).isTrue();
    assertThat(alone.observed().allows("c")).isFalse();
  }

  @Test
  void refusesAModelWithoutPriceWhereNobodyStatesACeilingWhateverTheMode() {
    PolicyRules observed =
        new PolicyRules(
            PolicyMode.OBSERVE,
            Optional.empty(),
            Optional.empty(),
            Optional.of(new UnknownPrice.Refuse()));

    assertThat(PolicyFold.fold(List.of(tenant("acme", observed))).unknownPrice())
        .isEqualTo(new UnknownPrice.Refuse());
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
    Arbitrary<PolicyRules> rules =
        Combinators.combine(Arbitraries.of(PolicyMode.values()), names, names, price)
            .as(PolicyRules::new);
    Arbitrary<Set<String>> tags = Arbitraries.of(NAMES).set().ofMaxSize(2);
    Arbitrary<Boolean> suspended = Arbitraries.of(true, false, false, false);
    return Combinators.combine(Arbitraries.of(NAMES), tags, rules, suspended)
        .as((name, required, policy, isSuspended) ->
            new TenantRules(name, Map.of(), required, policy, isSuspended))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  private static List<TenantRules> append(List<TenantRules> above, TenantRules child) {
    List<TenantRules> path = new ArrayList<>(above);
    path.add(child);
    return path;
  }

  private static TenantRules withMode(TenantRules tenant, PolicyMode mode) {
    PolicyRules rules = tenant.policy();
    return new TenantRules(
        tenant.name(),
        tenant.tags(),
        tenant.requiredTags(),
        new PolicyRules(mode, rules.allowedModels(), rules.regions(), rules.unknownPrice()),
        tenant.suspended());
  }

  private static TenantRules tenant(String name, PolicyRules rules) {
    return new TenantRules(name, Map.of(), Set.of(), rules);
  }

  @Property(tries = 300)
  void guardsAddUpWhateverAChildStates(
      @ForAll @Size(min = 1, max = 6) List<@Size(max = 3) List<@IntRange(max = 3) Integer>> named,
      @ForAll boolean childObserves) {
    List<TenantRules> path = new ArrayList<>();
    for (List<Integer> names : named) {
      path.add(guarded("t" + path.size(), names, path.size() % 3 == 2));
    }
    List<TenantRules> withChild =
        append(path, guarded("child", List.of(0, 1, 2, 3), childObserves));

    List<GuardRef> above = PolicyFold.fold(path).guards();
    List<GuardRef> below = PolicyFold.fold(withChild).guards();

    assertThat(below.stream().map(GuardRef::label))
        .doesNotHaveDuplicates()
        .containsAll(above.stream().map(GuardRef::label).toList());
    for (GuardRef guard : above) {
      // Enforced stays enforced; observed may become enforced.
      assertThat(below.stream().anyMatch(each -> each.equals(guard)) || guard.observed())
          .as(guard.label())
          .isTrue();
    }
  }

  @Test
  void aGuardOfTheSameNameBelowTakesNobodysPlace() {
    TenantRules root = guarded("root", List.of(0), false);
    TenantRules child = guarded("child", List.of(0), false);

    assertThat(PolicyFold.fold(List.of(root, child)).guards().stream().map(GuardRef::label))
        .containsExactly("root/g0", "child/g0");
  }

  /** Owns the guards that it names with even numbers. */
  private static TenantRules guarded(String name, List<Integer> named, boolean observes) {
    List<String> guards = named.stream().distinct().map(each -> "g" + each).toList();
    return new TenantRules(
        name,
        Map.of(),
        Set.of(),
        new PolicyRules(
            observes ? PolicyMode.OBSERVE : PolicyMode.ENFORCE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            guards),
        false,
        guards.stream()
            .filter(each -> each.equals("g0") || each.equals("g2"))
            .collect(Collectors.toSet()));
  }

  @Test
  void theShortestLimitOfStalenessOnThePathHoldsInEitherMode() {
    assertThat(staleness()).isEmpty();
    assertThat(staleness(0, 5, 0)).contains(Duration.ofMinutes(5));
    assertThat(staleness(60, 5, 15)).contains(Duration.ofMinutes(5));
    assertThat(staleness(5, 60)).contains(Duration.ofMinutes(5));
  }

  @Property
  void nobodyBelowLeavesHipaaMode(@ForAll @Size(min = 1, max = 6) List<Boolean> stated) {
    List<TenantRules> path = new ArrayList<>();
    boolean inMode = false;
    for (boolean states : stated) {
      inMode |= states;
      PolicyRules rules =
          new PolicyRules(
              path.size() % 2 == 0 ? PolicyMode.OBSERVE : PolicyMode.ENFORCE,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              path.size() % 3 == 0 ? Optional.empty() : Optional.of(Duration.ofDays(1)),
              List.of(),
              states);
      path.add(new TenantRules("t" + path.size(), Map.of(), Set.of(), rules));

      EffectivePolicy folded = PolicyFold.fold(path);

      assertThat(folded.hipaa()).isEqualTo(inMode);
      if (inMode) {
        assertThat(folded.maxStaleness()).contains(Hipaa.MOST_STALENESS);
      }
    }
  }

  /** Minutes down the path; 0 states nothing. Every second tenant observes. */
  private static Optional<Duration> staleness(int... minutes) {
    List<TenantRules> path = new ArrayList<>();
    path.add(new TenantRules("root", Map.of(), Set.of(), PolicyRules.NONE));
    for (int each : minutes) {
      PolicyRules rules =
          new PolicyRules(
              path.size() % 2 == 0 ? PolicyMode.OBSERVE : PolicyMode.ENFORCE,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              each == 0 ? Optional.empty() : Optional.of(Duration.ofMinutes(each)));
      path.add(new TenantRules("t" + path.size(), Map.of(), Set.of(), rules));
    }
    return PolicyFold.fold(path).maxStaleness();
  }
}
