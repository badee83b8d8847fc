package dev.penstock.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.budget.Budget;
import dev.penstock.controlplane.budget.Span;
import dev.penstock.controlplane.budget.Threshold;
import dev.penstock.controlplane.catalogue.Deployment;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.guard.StatedGuard;
import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.policy.Policy;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.StateRules;
import dev.penstock.controlplane.policy.StateRules.Broken;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.ratelimit.RateLimit;
import dev.penstock.controlplane.region.Region;
import dev.penstock.controlplane.route.Route;
import dev.penstock.controlplane.secret.Secret;
import dev.penstock.controlplane.secret.SecretValue;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.policy.PolicyMode;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.TenantAlias;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.BudgetScope.Tag;
import dev.penstock.kernel.snapshot.PersistentMap;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.kernel.snapshot.ThresholdAction;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random changes of a small world, sensible or not: what the rules say of a change is what they say
 * of the whole, and what is compiled of a change is what is compiled of the whole.
 */
class CompileOfChangesTest {

  private static final int STEPS = 60;
  private static final Map<Integer, byte[]> PEPPERS = Map.of(1, new byte[32]);
  private static final List<String> TENANTS = List.of("a", "b", "c", "d", "e", "f");
  private static final List<String> NAMES = List.of("m", "n", "o");

  /** The last one is given by routes alone. */
  private static final List<String> ASKED = List.of("m", "n", "o", "p");

  private static final List<String> REGIONS = List.of("eu", "us");

  @Property(tries = 150)
  void aChangeComesToWhatTheWholeComesTo(@ForAll long seed) {
    Random random = new Random(seed);
    Map<String, RegionCompiler> compilers = new HashMap<>();
    REGIONS.forEach(region -> compilers.put(region, compiler(region)));
    PolicyState state = start();
    int sound = 0;
    for (int step = 0; step < STEPS; step++) {
      PolicyState next = state;
      for (int i = random.nextInt(3); i >= 0; i--) {
        next = changed(next, random, step);
      }
      List<Broken> broken = StateRules.check(state, next);
      assertThat(fields(broken)).isEqualTo(fields(StateRules.check(next)));
      if (broken.isEmpty()) {
        state = next;
        sound++;
        for (Map.Entry<String, RegionCompiler> each : compilers.entrySet()) {
          CompiledSnapshot whole = compiler(each.getKey()).compile(new Folds(state), PEPPERS);
          CompiledSnapshot followed = each.getValue().compile(new Folds(state), PEPPERS);
          assertThat(followed.errors()).isEqualTo(whole.errors());
          assertThat(followed.digest()).isEqualTo(whole.digest());
          assertThat(followed.tree().size()).isEqualTo(whole.tree().size());
          assertThat(followed.tree().bytes()).isEqualTo(whole.tree().bytes());
        }
      }
    }
    assertThat(sound).isGreaterThan(STEPS / 20);
  }

  private static Set<String> fields(List<Broken> broken) {
    return broken.stream()
        .map(each -> each.resource() + " " + each.field())
        .collect(Collectors.toSet());
  }

  private static RegionCompiler compiler(String region) {
    return new RegionCompiler(region, DeliveryKey.ofRegion(new byte[32], region), TenantAlias::of);
  }

  private static PolicyState start() {
    return PolicyState.of(
        REGIONS.stream().map(CompileOfChangesTest::region).toList(),
        List.of(tenant("a", none(), false), tenant("b", Optional.of("a"), false)),
        List.of(new Secret("a", "s", 1, REGIONS, SecretValue.of("value"))),
        NAMES.stream().map(name -> provider(name, "a", none())).toList(),
        NAMES.stream().map(name -> model(name, List.of(deployment("d-" + name, name)))).toList(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static PolicyState changed(PolicyState state, Random random, int step) {
    World world = new World(state);
    String tenant = pick(TENANTS, random);
    String name = pick(NAMES, random);
    boolean gone = random.nextInt(4) == 0;
    Optional<String> region = random.nextBoolean() ? Optional.of("r") : none();
    switch (random.nextInt(15)) {
      case 0, 1 ->
          world.tree =
              gone
                  ? world.tree.with(List.of(), Set.of(tenant))
                  : world.tree.with(List.of(tenant(tenant, random)), Set.of());
      case 2 -> world.dissolve(tenant);
      case 3, 4 ->
          world.policies =
              world.policies.with(
                  gone ? Map.of() : Map.of(tenant, policy(tenant, random)), Set.of(tenant));
      case 5 -> world.keys = replaced(world.keys, tenant, keys(tenant, random, step, gone));
      case 6 -> world.budgets = replaced(world.budgets, tenant, budgets(tenant, random, gone));
      case 7, 8 -> world.routes = replaced(world.routes, tenant, routes(tenant, random, gone));
      case 9 ->
          world.members = replaced(world.members, tenant, members(tenant, random, step, gone));
      case 10 ->
          world.rateLimits = replaced(world.rateLimits, tenant, rateLimits(tenant, random, gone));
      case 11 -> world.guards = replaced(world.guards, tenant, guards(tenant, random, gone));
      case 12 ->
          world.models =
              put(
                  world.models,
                  Model::name,
                  name,
                  gone ? none() : Optional.of(model(name, random)));
      case 13 ->
          world.providers =
              put(
                  world.providers,
                  Provider::name,
                  name,
                  gone ? none() : Optional.of(provider(name, tenant, region)));
      default -> {
        world.secrets =
            put(
                world.secrets,
                Secret::tenant,
                tenant,
                gone ? none() : Optional.of(secret(tenant, random, step)));
        world.regions =
            put(world.regions, Region::name, "r", gone ? none() : Optional.of(region("r")));
      }
    }
    return world.state();
  }

  private static <R> PersistentMap<String, List<R>> replaced(
      PersistentMap<String, List<R>> lists, String tenant, List<R> list) {
    return lists.with(list.isEmpty() ? Map.of() : Map.of(tenant, list), Set.of(tenant));
  }

  private static <R> List<R> put(
      List<R> list, Function<R, String> nameOf, String name, Optional<R> wanted) {
    List<R> result = new ArrayList<>(list);
    result.removeIf(each -> nameOf.apply(each).equals(name));
    wanted.ifPresent(result::add);
    return result;
  }

  private static Region region(String name) {
    return new Region(name, none(), none());
  }

  private static Tenant tenant(String name, Random random) {
    Optional<String> parent =
        name.equals("a") ? Optional.empty() : Optional.of(pick(TENANTS, random));
    return tenant(
        name, random.nextInt(40) == 0 ? Optional.empty() : parent, random.nextInt(4) == 0);
  }

  private static Tenant tenant(String name, Optional<String> parent, boolean suspended) {
    return new Tenant(name, parent, none(), none(), Map.of(), List.of(), suspended, none());
  }

  private static Policy policy(String tenant, Random random) {
    Set<String> models = new HashSet<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      models.add(pick(ASKED, random));
    }
    Set<String> regions =
        switch (random.nextInt(4)) {
          case 0 -> Set.of("eu");
          case 1 -> Set.of("us", "r");
          default -> Set.of("eu", "us");
        };
    return new Policy(
        tenant,
        new PolicyRules(
            random.nextInt(4) == 0 ? PolicyMode.OBSERVE : PolicyMode.ENFORCE,
            random.nextBoolean() ? Optional.of(models) : Optional.empty(),
            random.nextBoolean() ? Optional.of(regions) : Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            switch (random.nextInt(6)) {
              case 0 -> List.of("g1");
              case 1 -> List.of("g2", "g1");
              default -> List.of();
            },
            random.nextInt(8) == 0));
  }

  private static List<StoredKey> keys(String tenant, Random random, int step, boolean none) {
    List<StoredKey> keys = new ArrayList<>();
    boolean routed = random.nextInt(3) == 0;
    for (int i = none ? 0 : random.nextInt(200); i > 0; i--) {
      keys.add(
          new StoredKey(
              tenant + "-" + i,
              tenant,
              "k" + i,
              new byte[32],
              1,
              i == 1 && routed ? List.of("p") : List.of(),
              Map.of("step", "" + step),
              Optional.empty(),
              Instant.EPOCH,
              false,
              random.nextInt(10) == 0));
    }
    return keys;
  }

  private static List<Member> members(String tenant, Random random, int step, boolean none) {
    List<Member> members = new ArrayList<>();
    for (int i = none ? 0 : random.nextInt(4); i > 0; i--) {
      members.add(
          new Member(
              new UUID(tenant.hashCode(), i),
              tenant,
              "x" + random.nextInt(3) + "-" + i,
              "subject-" + step,
              Set.of(),
              random.nextInt(4) > 0));
    }
    return members;
  }

  private static List<Budget> budgets(String tenant, Random random, boolean none) {
    List<Budget> budgets = new ArrayList<>();
    for (int i = none ? 0 : random.nextInt(8); i > 0; i--) {
      budgets.add(
          new Budget(
              new UUID(tenant.hashCode(), i),
              tenant,
              "b" + i,
              scope(random),
              NanoUsd.ZERO,
              Span.MONTH,
              "strict",
              random.nextInt(8) == 0,
              random.nextInt(8) == 0
                  ? List.of(new Threshold(50, ThresholdAction.ROUTE, "r1"))
                  : List.of(),
              Optional.empty()));
    }
    return budgets;
  }

  private static BudgetScope scope(Random random) {
    return new BudgetScope(
        random.nextInt(8) == 0 ? Optional.of("k1") : Optional.empty(),
        random.nextInt(8) == 0 ? Optional.of("client") : Optional.empty(),
        random.nextInt(8) == 0 ? Optional.of(pick(NAMES, random)) : Optional.empty(),
        random.nextInt(8) == 0 ? Optional.of(pick(NAMES, random)) : Optional.empty(),
        random.nextInt(8) == 0 ? Optional.of(new Tag("app", "a")) : Optional.empty());
  }

  private static List<RateLimit> rateLimits(String tenant, Random random, boolean none) {
    List<RateLimit> limits = new ArrayList<>();
    for (int i = none ? 0 : random.nextInt(8); i > 0; i--) {
      limits.add(
          new RateLimit(
              tenant,
              "l" + i,
              random.nextInt(8) == 0 ? Optional.of("k1") : Optional.empty(),
              random.nextInt(8) == 0 ? Optional.of(pick(NAMES, random)) : Optional.empty(),
              Optional.of(1L + random.nextInt(5)),
              Optional.empty(),
              Optional.empty()));
    }
    return limits;
  }

  private static List<StatedGuard> guards(String tenant, Random random, boolean none) {
    List<StatedGuard> guards = new ArrayList<>();
    for (int i = none ? 0 : random.nextInt(3); i > 0; i--) {
      guards.add(
          new StatedGuard(
              tenant,
              "g" + i,
              Set.of(Side.values()[random.nextInt(2)]),
              Unscannable.values()[random.nextInt(3)],
              List.of(
                  new Detector.Terms(
                      List.of("term " + random.nextInt(3)),
                      random.nextBoolean() ? Action.BLOCK : Action.REDACT))));
    }
    return guards;
  }

  private static List<Route> routes(String tenant, Random random, boolean none) {
    List<Route> routes = new ArrayList<>();
    for (int i = none ? 0 : random.nextInt(3); i > 0; i--) {
      routes.add(
          new Route(
              tenant,
              "r" + i,
              pick(ASKED, random),
              List.of(List.of(new Route.Target("d-" + pick(NAMES, random), i))),
              RouteTimeouts.NONE,
              RouteRetry.ALL,
              random.nextBoolean() ? UnsupportedFields.REFUSE : UnsupportedFields.DROP));
    }
    return routes;
  }

  private static Model model(String name, Random random) {
    return model(
        name,
        random.nextBoolean()
            ? List.of()
            : List.of(deployment("d-" + pick(NAMES, random), pick(NAMES, random))));
  }

  private static Model model(String name, List<Deployment> deployments) {
    return new Model(name, none(), none(), List.of(), List.of(), deployments);
  }

  private static Deployment deployment(String name, String provider) {
    return new Deployment(name, provider, "u", 1, List.of());
  }

  private static Provider provider(String name, String tenant, Optional<String> region) {
    return new Provider(
        name,
        "openai",
        Optional.empty(),
        "https://" + name + ".example",
        region,
        tenant,
        "s",
        List.of());
  }

  private static Secret secret(String tenant, Random random, int step) {
    return new Secret(
        tenant,
        "s",
        step,
        random.nextBoolean() ? List.of("eu") : List.of("eu", "us"),
        SecretValue.of("value-" + step));
  }

  private static <T> T pick(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  /** A state in the making. */
  private static final class World {

    private List<Region> regions;
    private TenantTree tree;
    private List<Secret> secrets;
    private List<Provider> providers;
    private List<Model> models;
    private PersistentMap<String, List<Route>> routes;
    private PersistentMap<String, Policy> policies;
    private PersistentMap<String, List<StoredKey>> keys;
    private PersistentMap<String, List<Budget>> budgets;
    private PersistentMap<String, List<RateLimit>> rateLimits;
    private PersistentMap<String, List<StatedGuard>> guards;
    private PersistentMap<String, List<Member>> members;

    World(PolicyState state) {
      regions = state.regions();
      tree = state.tree();
      secrets = state.secrets();
      providers = state.providers();
      models = state.models();
      routes = state.routesByTenant();
      policies = state.policyByTenant();
      keys = state.keysByTenant();
      budgets = state.budgetsByTenant();
      rateLimits = state.rateLimitsByTenant();
      guards = state.guardsByTenant();
      members = state.membersByTenant();
    }

    /** A tenant goes with all that it owns, as when it is deleted. */
    void dissolve(String tenant) {
      tree = tree.with(List.of(), Set.of(tenant));
      secrets = put(secrets, Secret::tenant, tenant, none());
      policies = policies.with(Map.of(), Set.of(tenant));
      keys = replaced(keys, tenant, List.of());
      budgets = replaced(budgets, tenant, List.of());
      rateLimits = replaced(rateLimits, tenant, List.of());
      guards = replaced(guards, tenant, List.of());
      routes = replaced(routes, tenant, List.of());
      members = replaced(members, tenant, List.of());
    }

    PolicyState state() {
      return new PolicyState(
          regions,
          tree,
          secrets,
          providers,
          models,
          routes,
          policies,
          keys,
          budgets,
          rateLimits,
          guards,
          members);
    }
  }
}
