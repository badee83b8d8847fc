package dev.penstock.controlplane.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.budget.Span;
import dev.penstock.controlplane.catalogue.Deployment;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.policy.Policy;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.policy.PolicyMode;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.snapshot.BudgetScope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A holding with two subsidiaries, changed in one respect at a time. */
class ImpactTest {

  private final Company company = new Company();

  @Test
  void saysNothingWhereNothingChanges() {
    assertThat(Impact.between(company.state(), company.state()))
        .isEqualTo(new Impact(List.of(), 0, 0, 0));
  }

  @Test
  void tellsOfModelsAndRegionsThatAnAncestorTakesAway() {
    // Given
    PolicyState before = company.state();

    // When
    company.policy("acme", Set.of("assistant"), Set.of("eu-west"));

    // Then
    assertThat(Impact.between(before, company.state()))
        .isEqualTo(
            new Impact(
                List.of(
                    "tenant acme loses model copilot",
                    "tenant acme may no longer be in us-east",
                    "tenant acme-health loses model copilot",
                    "tenant acme-labs loses model copilot",
                    "tenant acme-labs may no longer be in us-east"),
                0,
                3,
                2));
  }

  @Test
  void tellsOfWhatATenantGains() {
    // Given
    PolicyState before = company.state();

    // When
    company.policy("acme-health", Set.of("assistant", "copilot"), Set.of("eu-west", "us-east"));

    // Then
    Impact impact = Impact.between(before, company.state());
    assertThat(impact.sentences()).containsExactly("tenant acme-health may now be in us-east");
    assertThat(impact.tenants()).isEqualTo(1);
    assertThat(impact.apiKeys()).isEqualTo(1);
  }

  @Test
  void tellsOfATenantThatMovesComesAndGoes() {
    // Given
    PolicyState before = company.state();

    // When
    company.tenants.put("acme-labs", tenant("acme-labs", Optional.of("acme-health"), Map.of()));
    company.tenants.put("acme-new", tenant("acme-new", Optional.of("acme"), Map.of()));

    // Then
    assertThat(Impact.between(before, company.state()).sentences())
        .containsExactly(
            "tenant acme-labs moves: below acme-health (was: below acme)",
            "tenant acme-labs may no longer be in us-east",
            "tenant acme-new is created below acme");
    assertThat(Impact.between(company.state(), before).sentences())
        .contains("tenant acme-new is deleted");
  }

  @Test
  void tellsOfBudgetsAndWhomTheyBind() {
    // Given
    PolicyState before = company.state();

    // When
    company.budgets.put("month", budget("month", "6000.00", "month"));
    company.budgets.put("day", budget("day", "10.00", "day"));

    // Then
    Impact impact = Impact.between(before, company.state());
    assertThat(impact.sentences())
        .containsExactly(
            "budget acme/day of 10.00 USD a day now binds",
            "budget acme/month is raised from 5000.00 USD to 6000.00 USD");
    assertThat(impact.tenants()).isEqualTo(3);
    assertThat(impact.apiKeys()).isEqualTo(2);
    assertThat(Impact.between(company.state(), before).sentences())
        .contains("budget acme/month is lowered from 6000.00 USD to 5000.00 USD");
  }

  @Test
  void countsARevokedKeyThoughItsTenantIsNotTouched() {
    // Given
    PolicyState before = company.state();

    // When
    company.keys.remove("app");

    // Then
    assertThat(Impact.between(before, company.state()))
        .isEqualTo(new Impact(List.of("API key acme-health/app is revoked"), 0, 0, 1));
  }

  @Test
  void tellsOfSuspensionAndObservation() {
    // Given
    PolicyState before = company.state();

    // When
    company.tenants.put(
        "acme-labs",
        new Tenant(
            "acme-labs",
            Optional.of("acme"),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            List.of(),
            true,
            Optional.empty()));
    company.policies.put(
        "acme-labs",
        new Policy(
            "acme-labs",
            new PolicyRules(
                PolicyMode.OBSERVE, Optional.empty(), Optional.empty(), Optional.empty())));

    // Then
    assertThat(Impact.between(before, company.state()).sentences())
        .contains(
            "tenant acme-labs is suspended with acme-labs",
            "tenant acme-labs has rules that are observed and not enforced");
  }

  @Test
  void tellsOfTagsAndRequiredTags() {
    // Given
    PolicyState before = company.state();

    // When
    company.tenants.put(
        "acme-labs",
        new Tenant(
            "acme-labs",
            Optional.of("acme"),
            Optional.empty(),
            Optional.empty(),
            Map.of("costCenter", "7002"),
            List.of("app"),
            false,
            Optional.empty()));

    // Then
    assertThat(Impact.between(before, company.state()).sentences())
        .containsExactly(
            "requests of tenant acme-labs must now carry the tag app",
            "requests of tenant acme-labs now carry costCenter=7002");
  }

  @Test
  void touchesWhoeverMayUseAModelWhoseProviderMoves() {
    // Given
    PolicyState before = company.state();

    // When
    company.providerRegion = "us-east";

    // Then
    Impact impact = Impact.between(before, company.state());
    assertThat(impact.sentences())
        .containsExactly("provider openai is now in us-east (was: eu-west)");
    assertThat(impact.tenants()).isEqualTo(3);
  }

  @Test
  void stopsAfterItsMostSentencesAndCountsTheRest() {
    // Given
    PolicyState before = company.state();

    // When
    IntStream.range(0, Impact.MAX_SENTENCES + 5)
        .mapToObj(i -> "t" + i)
        .forEach(name -> company.tenants.put(name, tenant(name, Optional.of("acme"), Map.of())));

    // Then
    Impact impact = Impact.between(before, company.state());
    assertThat(impact.sentences()).hasSize(Impact.MAX_SENTENCES);
    assertThat(impact.sentencesLeftOut()).isEqualTo(5);
    assertThat(impact.tenants()).isEqualTo(Impact.MAX_SENTENCES + 5);
  }

  private static Tenant tenant(String name, Optional<String> parent, Map<String, String> tags) {
    return new Tenant(
        name, parent, Optional.empty(), Optional.empty(), tags, List.of(), false, Optional.empty());
  }

  private static Budget budget(String name, String amount, String every) {
    return new Budget(
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
        "acme",
        name,
        BudgetScope.ALL,
        NanoUsd.ofUsd(amount),
        new Span.Calendar(every, "UTC"),
        "strict",
        false,
        List.of(),
        Optional.empty());
  }

  private static StoredKey key(String tenant, String name) {
    return new StoredKey(
        name,
        tenant,
        name,
        new byte[32],
        1,
        List.of(),
        Map.of(),
        Optional.empty(),
        Instant.EPOCH,
        false,
        false);
  }

  /** What is stated, to be changed bit by bit. */
  private static final class Company {
    final Map<String, Tenant> tenants = new TreeMap<>();
    final Map<String, Policy> policies = new TreeMap<>();
    final Map<String, Budget> budgets = new TreeMap<>();
    final Map<String, StoredKey> keys = new TreeMap<>();
    final List<StatedGuard> guards = new ArrayList<>();
    String providerRegion = "eu-west";

    Company() {
      tenants.put("acme", tenant("acme", Optional.empty(), Map.of()));
      tenants.put("acme-health", tenant("acme-health", Optional.of("acme"), Map.of()));
      tenants.put("acme-labs", tenant("acme-labs", Optional.of("acme"), Map.of()));
      policy("acme", Set.of("assistant", "copilot"), Set.of("eu-west", "us-east"));
      policy("acme-health", Set.of("assistant", "copilot"), Set.of("eu-west"));
      budgets.put("month", budget("month", "5000.00", "month"));
      keys.put("app", key("acme-health", "app"));
      keys.put("lab", key("acme-labs", "lab"));
    }

    void policy(String tenant, Set<String> models, Set<String> regions) {
      policies.put(
          tenant,
          new Policy(
              tenant,
              new PolicyRules(Optional.of(models), Optional.of(regions), Optional.empty())));
    }

    PolicyState state() {
      Provider provider =
          new Provider(
              "openai",
              "openai",
              Optional.empty(),
              "https://api.example",
              Optional.of(providerRegion),
              "acme",
              "s",
              List.of());
      Model model =
          new Model(
              "assistant",
              Optional.empty(),
              Optional.empty(),
              List.of(),
              List.of(),
              List.of(new Deployment("d", "openai", "u", 1, List.of())));
      return PolicyState.of(
          List.of(),
          new ArrayList<>(tenants.values()),
          List.of(),
          List.of(provider),
          List.of(model),
          List.of(),
          new ArrayList<>(policies.values()),
          List.copyOf(keys.values()),
          new ArrayList<>(budgets.values()),
          List.of(),
          new ArrayList<>(guards),
          List.of());
    }
  }
}
