package dev.penstock.controlplane.snapshot;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static dev.penstock.controlplane.kit.AdminClient.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.apikey.KeyHash;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyFeatures;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import dev.penstock.kernel.snapshot.SnapshotSignature;
import dev.penstock.proto.policy.v1.ApiKeys;
import dev.penstock.proto.policy.v1.Deployment;
import dev.penstock.proto.policy.v1.Model;
import dev.penstock.proto.policy.v1.Pepper;
import dev.penstock.proto.policy.v1.Price;
import dev.penstock.proto.policy.v1.PriceTier;
import dev.penstock.proto.policy.v1.Provider;
import dev.penstock.proto.policy.v1.Secret;
import dev.penstock.proto.policy.v1.ServiceAccount;
import dev.penstock.proto.policy.v1.ServiceTier;
import dev.penstock.proto.policy.v1.TenantPolicy;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** What a region's nodes get, decoded as they decode it. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class SnapshotContentTest {

  @Inject SnapshotStore store;

  private String key = "";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    Response applied = apply(company());
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);
    key = applied.jsonPath().getString("keys[0].key");
  }

  @Test
  void isSignedAndDigested() {
    for (String region : List.of("eu-west", "us-east")) {
      StoredSnapshot snapshot = latest(region);
      assertThat(snapshot.digest()).isEqualTo(SnapshotDigest.of(snapshot.resources()));
      assertThat(
              SnapshotSignature.verify(
                  TestDatabase.snapshotPublicKey(),
                  region,
                  snapshot.revision(),
                  snapshot.digest(),
                  snapshot.signature()))
          .isTrue();
      assertThat(snapshot.allowMassDelete()).isFalse();
      assertThat(snapshot.resources()).extracting(Resource::key).isSorted();
    }
  }

  @Test
  void bringsARegionItsOwnSecretsOnly() {
    assertThat(keys("eu-west"))
        .containsExactly(
            "model/assistant",
            "model/copilot",
            "model/gone-global",
            "pepper/1",
            "provider/openai-eu",
            "provider/openai-us",
            "secret/acme/openai-eu",
            "tenant/acme-health/keys/0",
            "tenant/acme-health/policy",
            "tenant/acme/policy");
    assertThat(keys("us-east"))
        .contains("secret/acme/openai-us", "tenant/acme/policy")
        .doesNotContain("secret/acme/openai-eu");
    Provider here = read("eu-west", "provider/openai-eu", Provider.parser());
    Provider there = read("us-east", "provider/openai-eu", Provider.parser());
    assertThat(here.getSecretKey()).isEqualTo("secret/acme/openai-eu");
    assertThat(there.getSecretKey()).isEmpty();
    assertThat(here.getComplianceList()).containsExactly("hipaa-baa", "zero-retention");
    assertThat(here.getRegion()).isEqualTo("eu-west");
    assertThat(here.getOnClientGone()).isEmpty(); // cancel
    Provider drained = read("eu-west", "provider/openai-us", Provider.parser());
    assertThat(drained.getOnClientGone()).isEqualTo("drain");
    assertThat(drained.getCompatibility()).isEqualTo("vllm");
  }

  @Test
  void tellsARegionNothingOfATenantThatMayNotBeThereButHowToRefuseItsKeys() {
    StoredSnapshot there = latest("us-east");
    for (Resource resource : there.resources()) {
      String all = resource.key() + new String(resource.payload(), StandardCharsets.ISO_8859_1);
      assertThat(all)
          .doesNotContain("acme-health")
          .doesNotContain("support")
          .doesNotContain("4411");
    }
    String alias =
        there.resources().stream()
            .map(Resource::key)
            .filter(key -> key.startsWith("tenant/~") && key.endsWith("/policy"))
            .map(key -> key.substring("tenant/".length(), key.length() - "/policy".length()))
            .collect(onlyElement());
    var policy = read("us-east", "tenant/" + alias + "/policy", TenantPolicy.parser());
    assertThat(policy.getResidency().getRegionsList()).containsExactly("eu-west");
    assertThat(policy.getTenantPathList()).containsExactly(alias);
    var stub = read("us-east", "tenant/" + alias + "/keys/0", ApiKeys.parser()).getKeys(0);
    var rule = apiKeys("eu-west").getKeys(0);
    assertThat(stub.getId()).isEqualTo(rule.getId());
    assertThat(stub.getHash()).isEqualTo(rule.getHash());
    assertThat(stub.getTenant()).isEqualTo(alias);
    assertThat(stub.getName()).isEmpty();

    // A key more costs the region a stub more, and the tenant comes when it may.
    assertThat(
            apply(
                    """
                    apiVersion: penstock.dev/v1
                    kind: ApiKey
                    metadata: { tenant: acme-health, name: second }
                    spec: {}
                    """)
                .statusCode())
        .isEqualTo(200);
    assertThat(keys("us-east")).noneMatch(key -> key.contains("acme-health"));
    assertThat(
            apply(company().replace("regions: [eu-west] }", "regions: [eu-west, us-east] }"))
                .statusCode())
        .isEqualTo(200);
    assertThat(keys("us-east"))
        .contains("tenant/acme-health/policy", "tenant/acme-health/keys/0")
        .noneMatch(key -> key.contains("~"));
  }

  @Test
  void bringsServiceAccountsToWhereTheirTenantMayBeAndTheirHashesToWhereItMayNot() {
    stateMember("support-bot", "serviceAccount: true");
    stateMember("alice", "subject: alice@acme.example, roles: [tenant-admin]");

    var here = read("eu-west", "tenant/acme-health/policy", TenantPolicy.parser());
    assertThat(here.getServiceAccountsList())
        .extracting(ServiceAccount::getName)
        .containsExactly("support-bot");
    String alias =
        keys("us-east").stream()
            .filter(name -> name.startsWith("tenant/~") && name.endsWith("/policy"))
            .collect(onlyElement());
    var there = read("us-east", alias, TenantPolicy.parser());
    assertThat(there.getServiceAccountsList())
        .extracting(ServiceAccount::getName)
        .containsExactly("");
    assertThat(there.getServiceAccounts(0).getClientHash())
        .isEqualTo(here.getServiceAccounts(0).getClientHash());
    assertThat(HexFormat.of().formatHex(there.getServiceAccounts(0).getClientHash().toByteArray()))
        .isEqualTo(
            dev.penstock.kernel.snapshot.ServiceAccount.hashOf("penstock.acme-health.support-bot"));

    assertThat(delete("/tenants/acme-health/members/support-bot").statusCode()).isEqualTo(204);
    assertThat(
            read("eu-west", "tenant/acme-health/policy", TenantPolicy.parser())
                .getServiceAccountsList())
        .isEmpty();
  }

  private static void stateMember(String name, String spec) {
    Response applied =
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Member
            metadata: { tenant: acme-health, name: %s }
            spec: { %s }
            """
                .formatted(name, spec));
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);
  }

  @Test
  void refusesMoreServiceAccountsThanATenantMayHave() {
    StringBuilder manifests = new StringBuilder();
    for (int i = 0; i <= SnapshotLimits.MAX_SERVICE_ACCOUNTS_PER_TENANT; i++) {
      manifests.append(
          """
          ---
          apiVersion: penstock.dev/v1
          kind: Member
          metadata: { tenant: acme-health, name: bot-%d }
          spec: { serviceAccount: true }
          """
              .formatted(i));
    }

    Response refused = apply(manifests.toString());

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.asString()).contains("501 service accounts (expected: at most 500)");
  }

  private static <T> Collector<T, ?, T> onlyElement() {
    return Collectors.collectingAndThen(
        Collectors.toList(),
        found -> {
          assertThat(found).hasSize(1);
          return found.getFirst();
        });
  }

  @Test
  void sealsSecretsForTheRegionsNodes() {
    Secret secret = read("eu-west", "secret/acme/openai-eu", Secret.parser());
    byte[] opened =
        DeliveryKey.ofRegion(TestDatabase.masterKey(), "eu-west")
            .open("secret/acme/openai-eu", secret.getSealed().toByteArray());
    assertThat(new String(opened, StandardCharsets.UTF_8)).isEqualTo("sk-eu-4f9c2e71");
    assertThat(secret.getVersion()).isEqualTo(1);
    assertThat(secret.getRegionsList()).containsExactly("eu-west");
  }

  @Test
  void letsANodeRecogniseAKey() {
    var rule = apiKeys("eu-west").getKeys(0);
    Pepper pepper = read("eu-west", "pepper/" + rule.getPepperVersion(), Pepper.parser());
    byte[] opened =
        DeliveryKey.ofRegion(TestDatabase.masterKey(), "eu-west")
            .open("pepper/1", pepper.getSealed().toByteArray());
    ApiKey parsed = ApiKey.parse(key).orElseThrow();
    assertThat(rule.getId()).isEqualTo(parsed.id());
    assertThat(new KeyHash(opened).matches(parsed, rule.getHash().toByteArray())).isTrue();
    assertThat(rule.getTenant()).isEqualTo("acme-health");
    assertThat(rule.getModelsList()).containsExactly("assistant");
    assertThat(rule.getTagsMap()).isEqualTo(Map.of("app", "support"));
    assertThat(rule.getExpiresAtUnixMs()).isEqualTo(1798761600000L);
    assertThat(rule.getRevoked()).isFalse();
  }

  @Test
  void foldsPoliciesDownTheTree() {
    TenantPolicy policy = read("eu-west", "tenant/acme-health/policy", TenantPolicy.parser());
    assertThat(policy.getTenantPathList()).containsExactly("acme", "acme-health");
    assertThat(policy.getAllowedModelsList()).containsExactly("assistant");
    assertThat(policy.getResidency().getRegionsList()).containsExactly("eu-west");
    assertThat(policy.getTagsMap())
        .isEqualTo(Map.of("company", "acme", "businessUnit", "health", "costCenter", "4411"));
    assertThat(policy.getRequiredTagsList()).containsExactly("app");
    assertThat(policy.getUnknownPrice().getCeilingNanoUsdPerMillionTokens())
        .isEqualTo(50_000_000_000L);
    assertThat(policy.getRequiresList())
        .containsExactlyInAnyOrder(
            PolicyFeatures.MODELS,
            PolicyFeatures.RESIDENCY,
            PolicyFeatures.REQUIRED_TAGS,
            PolicyFeatures.BUDGETS,
            PolicyFeatures.UNKNOWN_PRICE_CEILING);
    assertThat(policy.hasObserved()).isFalse();
    assertThat(policy.getBudgetsList())
        .extracting(b -> b.getTenant() + "/" + b.getName() + "/" + b.getModel())
        .containsExactly("acme/year/", "acme-health/month/assistant");
    assertThat(policy.getBudgets(1).getApiKey()).isEqualTo("support-assistant");
    TenantPolicy root = read("us-east", "tenant/acme/policy", TenantPolicy.parser());
    assertThat(root.hasResidency()).isFalse();
    assertThat(root.getRequiresList()).doesNotContain(PolicyFeatures.RESIDENCY);
  }

  @Test
  void keepsWhatIsObservedApartFromWhatAnAncestorEnforces() {
    assertThat(
            put(
                    "/tenants/acme-health/policies/default",
                    """
                    {"apiVersion": "penstock.dev/v1", "kind": "Policy",
                     "metadata": {"name": "default"},
                     "spec": {"mode": "observe", "models": {"allow": ["assistant"]},
                       "residency": {"regions": ["eu-west"]}, "unknownPrice": "refuse"}}\
                    """)
                .statusCode())
        .isEqualTo(200);

    TenantPolicy policy = read("eu-west", "tenant/acme-health/policy", TenantPolicy.parser());

    assertThat(policy.getAllowedModelsList()).containsExactly("assistant", "copilot");
    assertThat(policy.hasResidency()).isFalse();
    assertThat(policy.getRequiredTagsList()).isEmpty();
    assertThat(policy.getUnknownPrice().hasCeilingNanoUsdPerMillionTokens()).isTrue();
    assertThat(policy.getObserved().getAllowedModels().getModelsList())
        .containsExactly("assistant");
    assertThat(policy.getObserved().getResidency().getRegionsList()).containsExactly("eu-west");
    assertThat(policy.getObserved().getRequiredTagsList()).containsExactly("app");
    assertThat(policy.getObserved().hasUnknownPrice()).isTrue();
    assertThat(policy.getObserved().getKeyModels()).isTrue();
    assertThat(policy.getObserved().getAnyModel()).isFalse();
    assertThat(policy.getRequiresList()).contains(PolicyFeatures.OBSERVE);
    assertThat(policy.getBudgetsCount()).isEqualTo(2);
  }

  @Test
  void marksTheKeysOfASuspendedSubtreeAsRevokedUntilItIsTakenBack() {
    String root =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Tenant", "metadata": {"name": "acme"},
         "spec": {"suspended": %s}}\
        """;

    assertThat(put("/tenants/acme", root.formatted(true)).statusCode()).isEqualTo(200);

    assertThat(apiKeys("eu-west").getKeys(0).getRevoked()).isTrue();
    assertThat(read("eu-west", "tenant/acme-health/policy", TenantPolicy.parser()).getSuspendedBy())
        .isEqualTo("acme");
    assertThat(put("/tenants/acme", root.formatted(false)).statusCode()).isEqualTo(200);
    assertThat(apiKeys("eu-west").getKeys(0).getRevoked()).isFalse();
    assertThat(read("eu-west", "tenant/acme-health/policy", TenantPolicy.parser()).getSuspendedBy())
        .isEmpty();
  }

  @Test
  void aDeploymentWithoutAPriceIsChargedByItsProvidersOwnList() {
    String provider =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Provider",
          "metadata": {"name": "openai-list"}, "spec": {"protocol": "openai", "region": "eu-west",
          "baseUrl": "%s", "secret": {"tenant": "acme", "name": "openai-eu"}}}
        """;
    String model =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Model",
          "metadata": {"name": "listed"}, "spec": {"deployments": [
          {"name": "listed-eu", "provider": "openai-list", "upstreamModel": "gpt-6-sol"}]}}
        """;
    assertThat(post("/providers", provider.formatted("https://api.openai.com/v1")).statusCode())
        .isEqualTo(201);
    assertThat(post("/models", model).statusCode()).isEqualTo(201);

    assertThat(listed().getPrices(0).getTiersList())
        .containsExactly(
            PriceTier.newBuilder()
                .setInput(2_000_000_000L)
                .setCacheRead(200_000_000L)
                .setCacheWrite5M(2_500_000_000L)
                .setOutput(10_000_000_000L)
                .build(),
            PriceTier.newBuilder()
                .setFromInputTokens(272_001)
                .setInput(4_000_000_000L)
                .setCacheRead(400_000_000L)
                .setCacheWrite5M(5_000_000_000L)
                .setOutput(15_000_000_000L)
                .build());

    // Elsewhere the list does not hold.
    assertThat(
            put("/providers/openai-list", provider.formatted("https://llm.acme.example/v1"))
                .statusCode())
        .isEqualTo(200);
    assertThat(listed().getPricesList()).isEmpty();
  }

  private Deployment listed() {
    return read("eu-west", "model/listed", Model.parser()).getDeployments(0);
  }

  @Test
  void carriesPricesInNanoUsd() {
    Model model = read("eu-west", "model/assistant", Model.parser());
    assertThat(model.getContextTokens()).isEqualTo(200_000);
    assertThat(model.getPricesList())
        .extracting(Price::getTiersList)
        .containsExactly(
            List.of(
                PriceTier.newBuilder().setInput(2_000_000_000L).setOutput(10_000_000_000L).build()),
            List.of(
                PriceTier.newBuilder()
                    .setInput(1_500_000_000L)
                    .setCacheRead(150_000_000L)
                    .setOutput(8_000_000_000L)
                    .build()));
    assertThat(model.getDeployments(1).getPrices(0).getServiceTiersList())
        .as("always in the same order")
        .containsExactly(
            ServiceTier.newBuilder().setName("flex").setThousandths(500).build(),
            ServiceTier.newBuilder().setName("priority").setThousandths(1_750).build());
    assertThat(model.getDeployments(1).getPrices(0).getTiersList())
        .containsExactly(
            PriceTier.newBuilder()
                .setInput(1_000_000_000L)
                .setCacheRead(100_000_000L)
                .setCacheWrite5M(1_250_000_000L)
                .setCacheWrite1H(2_000_000_000L)
                .setAudioInput(32_000_000_000L)
                .setOutput(5_000_000_000L)
                .setReasoning(6_000_000_000L)
                .setAudioOutput(64_000_000_000L)
                .build(),
            PriceTier.newBuilder()
                .setFromInputTokens(272_000)
                .setInput(2_000_000_000L)
                .setOutput(7_500_000_000L)
                .build());
    assertThat(model.getDeploymentsList())
        .extracting(d -> d.getName() + " " + d.getWeight() + " " + d.getPricesCount())
        .containsExactly("assistant-eu 100 0", "assistant-us 0 1");
  }

  @Test
  void keepsRevokedKeysSoThatTheAnswerCanSaySo() {
    delete("/tenants/acme-health/api-keys/support-assistant");
    assertThat(apiKeys("eu-west").getKeys(0).getRevoked()).isTrue();
    apply(company());
    assertThat(apiKeys("eu-west").getKeysList())
        .extracting(k -> k.getRevoked())
        .contains(true, false);
  }

  @Test
  void meansTheRemovalOfATenantForAsLongAsANodeMayBeBehind() {
    for (String path :
        List.of(
            "/tenants/acme-health/api-keys/support-assistant",
            "/tenants/acme-health/budgets/month",
            "/tenants/acme-health/policies/default")) {
      delete(path);
    }
    assertThat(latest("eu-west").allowMassDelete()).isFalse();
    delete("/tenants/acme-health");
    assertThat(latest("eu-west").allowMassDelete()).isTrue();
    put(
        "/regions/eu-west",
        "{\"apiVersion\":\"penstock.dev/v1\",\"kind\":\"Region\",\"metadata\":{\"name\":"
            + "\"eu-west\"},\"spec\":{}}");
    assertThat(latest("eu-west").allowMassDelete()).isTrue();
    assertThat(keys("eu-west")).doesNotContain("tenant/acme-health/keys/0");
  }

  @Test
  void answersTheSameObjectUntilThereIsANewerOne() {
    assertThat(latest("eu-west")).isSameAs(latest("eu-west"));
  }

  @Test
  void announcesARevisionWhenItIsCommitted() throws SQLException {
    try (var connection = TestDatabase.connect();
        var statement = connection.createStatement()) {
      statement.execute("LISTEN " + SnapshotStore.CHANNEL);
      long revision =
          Long.parseLong(
              put(
                      "/regions/eu-west",
                      "{\"apiVersion\":\"penstock.dev/v1\",\"kind\":\"Region\",\"metadata\":{\"name\":"
                          + "\"eu-west\"},\"spec\":{\"jurisdiction\":\"DE\"}}")
                  .header("x-penstock-revision"));
      PGNotification[] heard =
          connection
              .unwrap(PGConnection.class)
              .getNotifications((int) Duration.ofSeconds(5).toMillis());
      assertThat(Arrays.stream(heard).map(PGNotification::getParameter))
          .contains(Long.toString(revision));
    }
  }

  @Test
  void forgetsSnapshotsNoNodeCanBeBehind() throws SQLException {
    for (int i = 0; i < 60; i++) {
      String body =
          "{\"apiVersion\":\"penstock.dev/v1\",\"kind\":\"Model\",\"metadata\":{\"name\":"
              + "\"gone-global\"},\"spec\":{\"contextTokens\":"
              + (i + 1)
              + "}}";
      assertThat(put("/models/gone-global", body).statusCode()).isEqualTo(200);
    }
    try (var connection = TestDatabase.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT (SELECT count(*) FROM policy.snapshot),
                       (SELECT count(*) FROM policy.blob b WHERE NOT EXISTS (
                           SELECT FROM policy.snapshot_resource r WHERE r.sha256 = b.sha256)
                         AND NOT EXISTS (
                           SELECT FROM policy.snapshot_change c
                           WHERE b.sha256 IN (c.sha256, c.previous)))\
                """)) {
      rows.next();
      assertThat(rows.getInt(1)).isLessThanOrEqualTo(2 * (32 + 16));
      assertThat(rows.getInt(2)).isZero();
    }
  }

  private StoredSnapshot latest(String region) {
    return store.latest(region).orElseThrow();
  }

  private List<String> keys(String region) {
    return latest(region).resources().stream().map(Resource::key).toList();
  }

  private ApiKeys apiKeys(String region) {
    return read(region, "tenant/acme-health/keys/0", ApiKeys.parser());
  }

  private <T> T read(String region, String key, Parser<T> parser) {
    Map<String, byte[]> payloads =
        latest(region).resources().stream()
            .collect(Collectors.toMap(Resource::key, Resource::payload));
    try {
      return parser.parseFrom(payloads.get(key));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(key, e);
    }
  }
}
