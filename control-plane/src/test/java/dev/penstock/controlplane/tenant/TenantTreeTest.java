package dev.penstock.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TenantTreeTest {

  @Test
  void knowsThePathFromTheRoot() {
    TenantTree tree =
        new TenantTree(
            List.of(tenant("app", "unit"), tenant("acme", null), tenant("unit", "acme")));
    assertThat(tree.path("app")).extracting(Tenant::name).containsExactly("acme", "unit", "app");
    assertThat(tree.path("acme")).extracting(Tenant::name).containsExactly("acme");
    assertThat(tree.path("nobody")).isEmpty();
  }

  @Test
  void acceptsATreeOfTwelveLevels() {
    assertThat(problems(chain(12))).isEmpty();
    assertThat(problems(List.of())).isEmpty();
  }

  @Test
  void refusesAThirteenthLevel() {
    assertThat(problems(chain(13)))
        .containsExactly(Map.entry("t13", "would be level 13 (expected: at most 12)"));
  }

  @Test
  void refusesASecondRoot() {
    assertThat(problems(List.of(tenant("acme", null), tenant("other", null))))
        .containsOnlyKeys("acme", "other");
  }

  @Test
  void refusesAParentThatDoesNotExist() {
    assertThat(problems(List.of(tenant("acme", null), tenant("unit", "nobody"))))
        .containsExactly(Map.entry("unit", "tenant nobody does not exist"));
  }

  @Test
  void refusesACycleAndWhatHangsBelowIt() {
    List<Tenant> tenants =
        List.of(tenant("acme", null), tenant("a", "b"), tenant("b", "a"), tenant("below", "a"));
    assertThat(problems(tenants)).containsOnlyKeys("a", "b", "below");
    assertThat(new TenantTree(tenants).path("below")).isEmpty();
  }

  @Test
  void refusesItsOwnParent() {
    assertThat(problems(List.of(tenant("acme", "acme")))).containsOnlyKeys("acme");
  }

  private static List<Tenant> chain(int levels) {
    List<Tenant> tenants = new ArrayList<>();
    for (int i = 1; i <= levels; i++) {
      tenants.add(tenant("t" + i, i == 1 ? null : "t" + (i - 1)));
    }
    return tenants;
  }

  private static Map<String, String> problems(List<Tenant> tenants) {
    Map<String, String> problems = new TreeMap<>();
    new TenantTree(tenants).check((ref, detail) -> problems.put(ref.name(), detail));
    return problems;
  }

  private static Tenant tenant(String name, @Nullable String parent) {
    return new Tenant(
        name,
        Optional.ofNullable(parent),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        List.of(),
        false,
        Optional.empty());
  }
}
