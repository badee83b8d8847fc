package dev.penstock.kernel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kernel.address.BaseUrl;
import dev.penstock.kernel.policy.EffectivePolicy;
import dev.penstock.kernel.policy.Hipaa;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.TenantAlias;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.kernel.snapshot.PolicyContent.SealedPepper;
import dev.penstock.kernel.snapshot.PolicyContent.SealedSecret;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotCheckTest {

  private static final String REGION = "eu-west";

  private final Map<String, TenantPolicy> tenants = new HashMap<>();
  private final Map<String, KeyRule> keys = new HashMap<>();
  private final Map<String, Model> models = new HashMap<>();
  private final Map<String, Provider> providers = new HashMap<>();
  private final Map<String, SealedSecret> secrets = new HashMap<>();
  private final Map<String, Map<String, RouteRule>> routes = new HashMap<>();

  SnapshotCheckTest() {
    tenants.put("acme", tenant(Set.of("m"), Set.of(PolicyFeatures.MODELS)));
    keys.put("k", key("acme", 1, 32));
    models.put("m", model("d", "p", 1));
    providers.put("p", provider("openai", "https://api.example.com/v1", "secret/acme/s"));
    secrets.put("secret/acme/s", new SealedSecret("acme", "s", 1, new byte[1], Set.of(REGION)));
  }

  @Test
  void acceptsWhatIsConsistent() {
    assertThat(errors()).isEmpty();
  }

  @Test
  void refusesAFeatureThatItCannotEnforce() {
    tenants.put("acme", tenant(Set.of("m"), Set.of("guards")));

    assertOnly(Code.UNKNOWN_FEATURE, "tenant/acme/policy");
  }

  @Test
  void refusesHipaaModeThatIsNotRequiredOrGrowsTooStale() {
    tenants.put("acme", hipaa(Optional.of(Hipaa.MOST_STALENESS), PolicyFeatures.HIPAA));
    assertThat(errors()).isEmpty();

    tenants.put("acme", hipaa(Optional.of(Hipaa.MOST_STALENESS)));
    assertOnly(Code.BAD_VALUE, "tenant/acme/policy");
    tenants.put("acme", hipaa(Optional.empty(), PolicyFeatures.HIPAA));
    assertOnly(Code.BAD_VALUE, "tenant/acme/policy");
    tenants.put("acme", hipaa(Optional.of(Duration.ofMinutes(16)), PolicyFeatures.HIPAA));
    assertOnly(Code.BAD_VALUE, "tenant/acme/policy");
  }

  private static TenantPolicy hipaa(Optional<Duration> maxStaleness, String... requires) {
    EffectivePolicy policy =
        new EffectivePolicy(
            List.of("acme"),
            Set.of("m"),
            Optional.empty(),
            Map.of(),
            Set.of(),
            new UnknownPrice.Refuse(),
            ObservedRules.NONE,
            Optional.empty(),
            maxStaleness,
            List.of(),
            true);
    return new TenantPolicy("acme", policy, List.of(), Set.of(requires));
  }

  @Test
  void letsAnAllowListNameARoute() {
    routes.put("acme", Map.of("fast", route("fast", new RouteTarget("m", "d", 1))));
    tenants.put("acme", tenant(Set.of("m", "fast"), Set.of(PolicyFeatures.MODELS)));

    assertThat(errors()).isEmpty();
  }

  @Test
  void refusesARouteThatLeadsNowhere() {
    for (RouteTarget target :
        List.of(
            new RouteTarget("m", "gone", 1),
            new RouteTarget("gone", "d", 1),
            new RouteTarget("", "d", 1))) {
      routes.put("acme", Map.of("fast", route("fast", target)));

      assertOnly(Code.BAD_REFERENCE, "tenant/acme/routes");
    }
    routes.put("acme", Map.of("fast", route("fast")));
    assertOnly(Code.BAD_VALUE, "tenant/acme/routes");
    routes.put("acme", Map.of("fast", route("fast", new RouteTarget("m", "d", -1))));
    assertOnly(Code.BAD_VALUE, "tenant/acme/routes");
  }

  @Test
  void refusesAServiceAccountThatIsNotOneTenantsAlone() {
    ServiceAccount bot =
        new ServiceAccount(ServiceAccount.hashOf("penstock.acme.bot"), "acme", "bot");
    tenants.put("acme", tenant("acme", List.of(bot)));
    assertThat(errors()).isEmpty();
    assertThat(content().serviceAccounts()).containsOnly(Map.entry(bot.clientHash(), bot));

    ServiceAccount same = new ServiceAccount(bot.clientHash(), "lab", "bot");
    tenants.put("lab", tenant("lab", List.of(same)));
    assertThat(errors())
        .singleElement()
        .satisfies(error -> assertThat(error.code()).isEqualTo(Code.BAD_VALUE));
    tenants.remove("lab");

    tenants.put("acme", tenant("acme", List.of(same)));
    assertOnly(Code.BAD_VALUE, "tenant/acme/policy");
    tenants.put("acme", tenant("acme", List.of(new ServiceAccount("00", "acme", "bot"))));
    assertOnly(Code.BAD_VALUE, "tenant/acme/policy");
  }

  @Test
  void refusesMoreServiceAccountsThanATenantMayHave() {
    List<ServiceAccount> most =
        IntStream.range(0, SnapshotLimits.MAX_SERVICE_ACCOUNTS_PER_TENANT)
            .mapToObj(i -> new ServiceAccount(ServiceAccount.hashOf("" + i), "acme", "bot-" + i))
            .toList();
    tenants.put("acme", tenant("acme", most));
    assertThat(errors()).isEmpty();

    List<ServiceAccount> more = new ArrayList<>(most);
    more.add(new ServiceAccount(ServiceAccount.hashOf("one more"), "acme", "bot"));
    tenants.put("acme", tenant("acme", more));
    assertOnly(Code.TOO_LARGE, "tenant/acme/policy");
  }

  @Test
  void findsServiceAccountsOfAChangedPartAndForgetsThoseThatAreGone() {
    ServiceAccount bot = new ServiceAccount(ServiceAccount.hashOf("1"), "acme", "bot");
    ServiceAccount old = new ServiceAccount(ServiceAccount.hashOf("2"), "acme", "old");
    PolicyContent then = PolicyContent.EMPTY.replaced(PolicyContent.EMPTY, only(List.of(bot, old)));
    assertThat(then.serviceAccounts()).hasSize(2);

    PolicyContent now = then.replaced(only(List.of(bot, old)), only(List.of(bot)));

    assertThat(now.serviceAccounts()).containsOnlyKeys(bot.clientHash());
  }

  private static PolicyContent only(List<ServiceAccount> accounts) {
    return new PolicyContent(
        Map.of("acme", tenant("acme", accounts)),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of());
  }

  @Test
  void findsTheNearestRoute() {
    RouteRule root = route("fast", new RouteTarget("m", "d", 1));
    RouteRule own = route("fast", new RouteTarget("m", "d", 2));
    routes.put("acme", Map.of("fast", root, "slow", root));
    routes.put("lab", Map.of("fast", own));

    assertThat(content().route(List.of("acme", "lab", "app"), "fast")).contains(own);
    assertThat(content().route(List.of("acme", "lab", "app"), "slow")).contains(root);
    assertThat(content().route(List.of("acme", "other"), "fast")).contains(root);
    assertThat(content().route(List.of("else"), "fast")).isEmpty();
  }

  @Test
  void refusesAnAllowedModelThatDoesNotExist() {
    tenants.put("acme", tenant(Set.of("m", "ghost"), Set.of()));

    assertOnly(Code.BAD_REFERENCE, "tenant/acme/policy");
  }

  @Test
  void refusesAKeyWithoutTenantPepperOrHash() {
    keys.put("k", key("nobody", 2, 31));

    assertThat(errors())
        .extracting(ResourceError::code)
        .containsExactlyInAnyOrder(Code.BAD_REFERENCE, Code.BAD_REFERENCE, Code.BAD_VALUE);
  }

  @Test
  void refusesADeploymentWithoutProviderAndANegativeWeight() {
    models.put("m", model("d", "ghost", -1));

    assertThat(errors())
        .extracting(ResourceError::code)
        .containsExactlyInAnyOrder(Code.BAD_REFERENCE, Code.BAD_VALUE);
  }

  @Test
  void refusesADeploymentNameThatIsTaken() {
    models.put("other", new Model("other", 0, 0, List.of(), model("d", "p", 1).deployments()));

    assertThat(errors()).singleElement().extracting(ResourceError::code).isEqualTo(Code.BAD_VALUE);
  }

  @Test
  void refusesAnUnknownProtocol() {
    providers.put("p", provider("gopher", "https://api.example.com/v1", ""));

    assertOnly(Code.UNSUPPORTED, "provider/p");
  }

  @ParameterizedTest
  @CsvSource({
    "azure-openai, 2026-03-01, true",
    "azure-openai, 2026-03-01-preview, true",
    "azure-openai, '', false",
    "azure-openai, 2026-03-01&x=1, false",
    "anthropic, '', true",
    "mistral, '', true",
    "openai-compatible, '', true",
    "openai, 2026-03-01, false"
  })
  void anApiVersionBelongsToAzureOpenAiAlone(
      String protocol, String apiVersion, boolean isAccepted) {
    providers.put("p", provider(protocol, apiVersion, "https://api.example.com", "secret/acme/s"));

    if (isAccepted) {
      assertThat(errors()).isEmpty();
    } else {
      assertOnly(Code.BAD_VALUE, "provider/p");
    }
  }

  @Test
  void refusesASecretOfAnotherRegion() {
    secrets.put("secret/acme/s", new SealedSecret("acme", "s", 1, new byte[1], Set.of("us-east")));

    assertOnly(Code.BAD_VALUE, "secret/acme/s");
  }

  @Test
  void acceptsAProviderWhoseCredentialMayNotBeHere() {
    providers.put("p", provider("openai", "https://api.example.com/v1", ""));
    secrets.clear();

    assertThat(errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, true",
    "http://127.0.0.1:8090/v1, true",
    "https://host, true",
    "https://host/, false",
    "https://user@host/v1, false",
    "https://host/v1?x=1, false",
    "https://host/v1#x, false",
    "ftp://host/v1, false",
    "file:///etc/passwd, false",
    "//host/v1, false",
    "host, false",
    "https://, false",
    "https://ho st/v1, false"
  })
  void knowsABaseUrl(String url, boolean expected) {
    assertThat(BaseUrl.isOne(url)).isEqualTo(expected);
  }

  @Test
  void noticesThatMostKeysWouldBeLost() {
    for (int i = 0; i < 9; i++) {
      keys.put("k" + i, key("acme", 1, 32));
    }
    PolicyContent before = content();
    keys.keySet().removeIf(id -> id.matches("k[0-2]"));

    assertThat(SnapshotCheck.checkMassDelete(before, content()))
        .singleElement()
        .extracting(ResourceError::code)
        .isEqualTo(Code.MASS_DELETE);
  }

  @Test
  void takesATenantThatMayNoLongerBeHereForNoLossInEitherDirection() {
    for (int i = 0; i < 9; i++) {
      tenants.put("t" + i, tenants.get("acme"));
    }
    PolicyContent here = content();
    for (int i = 0; i < 5; i++) {
      tenants.put(TenantAlias.of("a" + i), tenants.remove("t" + i));
    }
    PolicyContent fewer = content();
    tenants.keySet().removeIf(TenantAlias::isAlias);

    assertThat(SnapshotCheck.checkMassDelete(here, fewer)).isEmpty();
    assertThat(SnapshotCheck.checkMassDelete(fewer, here)).isEmpty();
    assertThat(SnapshotCheck.checkMassDelete(here, content()))
        .extracting(ResourceError::code)
        .containsExactly(Code.MASS_DELETE);
    assertThat(SnapshotCheck.checkMassDelete(fewer, content()))
        .extracting(ResourceError::code)
        .containsExactly(Code.MASS_DELETE);
  }

  @Test
  void letsASingleKeyGo() {
    PolicyContent before = content();
    keys.clear();

    assertThat(SnapshotCheck.checkMassDelete(before, content())).isEmpty();
  }

  @Test
  void digestsContentNotOrder() {
    List<Resource> resources = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      resources.add(new Resource("tenant/t" + i + "/policy", new byte[] {(byte) i}));
    }
    byte[] digest = SnapshotDigest.of(resources);
    List<Resource> shuffled = new ArrayList<>(resources);
    Collections.shuffle(shuffled);
    List<Resource> changed = new ArrayList<>(resources);
    changed.set(7, new Resource("tenant/t7/policy", new byte[] {99}));

    assertThat(SnapshotDigest.of(shuffled)).isEqualTo(digest).hasSize(32);
    assertThat(SnapshotDigest.of(changed)).isNotEqualTo(digest);
    assertThat(SnapshotDigest.of(resources.subList(0, 49))).isNotEqualTo(digest);
    assertThatThrownBy(() -> SnapshotDigest.of(List.of(resources.getFirst(), resources.getFirst())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void verifiesASignatureOfExactlyThis() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] digest = new byte[32];
    byte[] signed = SnapshotSignature.sign(pair.getPrivate(), REGION, 7, digest);

    assertThat(SnapshotSignature.verify(pair.getPublic(), REGION, 7, digest, signed)).isTrue();
    assertThat(SnapshotSignature.verify(pair.getPublic(), REGION, 8, digest, signed)).isFalse();
    assertThat(SnapshotSignature.verify(pair.getPublic(), "us-east", 7, digest, signed)).isFalse();
    assertThat(SnapshotSignature.verify(pair.getPublic(), REGION, 7, new byte[] {1}, signed))
        .isFalse();
    assertThat(SnapshotSignature.verify(other.getPublic(), REGION, 7, digest, signed)).isFalse();
    assertThat(SnapshotSignature.verify(pair.getPublic(), REGION, 7, digest, new byte[3]))
        .isFalse();
  }

  private PolicyContent content() {
    return new PolicyContent(
        tenants,
        keys,
        models,
        providers,
        secrets,
        Map.of(1, new SealedPepper(1, new byte[1])),
        routes);
  }

  private List<ResourceError> errors() {
    return SnapshotCheck.check(REGION, content());
  }

  private void assertOnly(Code code, String key) {
    assertThat(errors())
        .singleElement()
        .satisfies(error -> {
          assertThat(error.code()).isEqualTo(code);
          assertThat(error.resourceKey()).isEqualTo(key);
        });
  }

  private static RouteRule route(String model, RouteTarget... targets) {
    return new RouteRule(
        "acme", model, model, List.of(List.of(targets)), RouteTimeouts.NONE, RouteRetry.ALL);
  }

  private static TenantPolicy tenant(Set<String> models, Set<String> requires) {
    return new TenantPolicy(
        "acme",
        new EffectivePolicy(
            List.of("acme"),
            models,
            Optional.empty(),
            Map.of(),
            Set.of(),
            new UnknownPrice.Refuse()),
        List.of(),
        requires);
  }

  private static TenantPolicy tenant(String name, List<ServiceAccount> accounts) {
    EffectivePolicy policy =
        new EffectivePolicy(
            List.of(name),
            Set.of(),
            Optional.empty(),
            Map.of(),
            Set.of(),
            new UnknownPrice.Refuse());
    return new TenantPolicy(name, policy, List.of(), List.of(), Set.of(), accounts);
  }

  private static KeyRule key(String tenant, int pepper, int hashBytes) {
    return new KeyRule(
        "k", new byte[hashBytes], pepper, tenant, "app", Set.of(), Map.of(), 0, false);
  }

  private static Model model(String deployment, String provider, int weight) {
    return new Model(
        "m",
        0,
        0,
        List.of(),
        List.of(new Deployment(deployment, provider, "up", weight, List.of())));
  }

  private static Provider provider(String protocol, String baseUrl, String secretKey) {
    return provider(protocol, "", baseUrl, secretKey);
  }

  private static Provider provider(
      String protocol, String apiVersion, String baseUrl, String secretKey) {
    return new Provider("p", protocol, apiVersion, baseUrl, REGION, secretKey, Set.of());
  }
}
