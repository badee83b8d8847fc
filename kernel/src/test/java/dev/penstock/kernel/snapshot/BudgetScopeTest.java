package dev.penstock.kernel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.snapshot.BudgetScope.Asker;
import dev.penstock.kernel.snapshot.BudgetScope.Tag;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetScopeTest {

  private static final Asker KEY =
      new Asker(
          new KeyRule("k", new byte[32], 1, "acme", "app", Set.of(), Map.of(), 0, false),
          "",
          Map.of("app", "support", "team", "a"));
  private static final Asker BOT =
      new Asker(
          new ServiceAccount(ServiceAccount.hashOf("acme.bot"), "acme", "bot"),
          "acme.bot",
          Map.of("team", "a"));

  @Test
  void bindsEverybodyWhereNothingIsNamed() {
    assertThat(budget(BudgetScope.ALL).binds(KEY, "m", "p")).isTrue();
    assertThat(budget(BudgetScope.ALL).binds(BOT, "m", "p")).isTrue();
  }

  @Test
  void bindsOnlyWhatEachPartNames() {
    assertBindsOnly(scope("app", null, null, null, null), true, false);
    assertBindsOnly(scope("other", null, null, null, null), false, false);
    assertBindsOnly(scope(null, "acme.bot", null, null, null), false, true);
    assertBindsOnly(scope(null, "acme.other", null, null, null), false, false);
    assertBindsOnly(scope(null, null, null, null, new Tag("app", "support")), true, false);
    assertBindsOnly(scope(null, null, null, null, new Tag("team", "a")), true, true);
    assertBindsOnly(scope(null, null, null, null, new Tag("team", "b")), false, false);
    assertBindsOnly(scope(null, null, "m", null, null), true, true);
    assertBindsOnly(scope(null, null, "other", null, null), false, false);
    assertBindsOnly(scope(null, null, null, "p", null), true, true);
    assertBindsOnly(scope(null, null, null, "other", null), false, false);
  }

  @Test
  void bindsOnlyWhereAllThatIsNamedMatches() {
    Tag support = new Tag("app", "support");
    assertBindsOnly(scope("app", null, "m", "p", support), true, false);
    assertBindsOnly(scope("app", null, "m", "other", support), false, false);
    assertBindsOnly(scope("app", null, "m", "p", new Tag("app", "sales")), false, false);
  }

  @Test
  void knowsAKeyOfAnotherTenantByItsTenant() {
    BudgetRule ofParent = new BudgetRule("b", "group", "b", scope("app", null, null, null, null));

    assertThat(ofParent.binds(KEY, "m", "p")).isFalse();
  }

  @Test
  void countsWhatCanBindOneRequest() {
    List<BudgetRule> budgets = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      budgets.add(budget(scope("key-" + i, null, null, null, null)));
      budgets.add(budget(scope(null, "bot-" + i, null, null, null)));
      budgets.add(budget(scope(null, null, null, null, new Tag("app", "app-" + i))));
    }
    assertThat(BudgetCount.most(budgets)).isEqualTo(3);

    budgets.add(budget(scope("key-7", null, "m", null, null)));
    budgets.add(budget(scope(null, null, null, null, new Tag("team", "a"))));
    assertThat(BudgetCount.most(budgets)).isEqualTo(5);

    // A call may go to any of them, so all of them are held.
    budgets.add(budget(scope(null, null, "m", null, null)));
    budgets.add(budget(scope(null, null, "other", null, null)));
    budgets.add(budget(scope(null, null, null, "p", null)));
    budgets.add(budget(BudgetScope.ALL));
    assertThat(BudgetCount.most(budgets)).isEqualTo(9);
    assertThat(BudgetCount.most(List.of())).isZero();
  }

  private static void assertBindsOnly(BudgetScope scope, boolean key, boolean bot) {
    assertThat(budget(scope).binds(KEY, "m", "p")).as("%s, key", scope).isEqualTo(key);
    assertThat(budget(scope).binds(BOT, "m", "p")).as("%s, bot", scope).isEqualTo(bot);
  }

  private static BudgetRule budget(BudgetScope scope) {
    return new BudgetRule("b", "acme", "b", scope);
  }

  private static BudgetScope scope(
      @Nullable String apiKey,
      @Nullable String subject,
      @Nullable String model,
      @Nullable String provider,
      @Nullable Tag tag) {
    return new BudgetScope(
        Optional.ofNullable(apiKey),
        Optional.ofNullable(subject),
        Optional.ofNullable(model),
        Optional.ofNullable(provider),
        Optional.ofNullable(tag));
  }
}
