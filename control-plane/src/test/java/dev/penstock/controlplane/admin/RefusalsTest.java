package dev.penstock.controlplane.admin;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.plan;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static dev.penstock.controlplane.kit.AdminClient.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What this build cannot enforce, cannot read or will not store is refused with its field. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class RefusalsTest {

  private static boolean stated;

  @BeforeEach
  void stateACompany() throws SQLException {
    if (!stated) { // no test of this class changes anything
      TestDatabase.reset();
      assertThat(apply(company()).statusCode()).isEqualTo(200);
      stated = true;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Policy   | acme-health | default | {mode: never}                                      | spec.mode
          Tenant   |             | acme-x  | {parent: acme, suspended: "yes"}                   | spec.suspended
          Policy   | acme-health | default | {guards: [pii-default]}                            | spec.guards[0]
          Policy   | acme-health | default | {content: {store: all}}                            | spec.content.store
          Policy   | acme-health | default | {content: {}}                                      | spec.content.store
          Policy   | acme-health | default | {cache: {}}                                        | spec.cache
          Policy   | acme-health | default | {models: {}}                                       | spec.models.allow
          Policy   | acme-health | default | {models: {allow: [nope]}}                          | spec.models.allow
          Policy   | acme-health | default | {models: {allow: [assistant, assistant]}}          | spec.models.allow[1]
          Policy   | acme-health | default | {models: {deny: [assistant], allow: []}}           | spec.models.deny
          Policy   | acme-health | default | {residency: {regions: [nowhere]}}                  | spec.residency.regions
          Policy   | acme-health | default | {unknownPrice: free}                               | spec.unknownPrice
          Policy   | acme-health | default | {unknownPrice: {ceilingPerMillionTokens: 50}}      | spec.unknownPrice.ceilingPerMillionTokens
          Policy   | acme-health | other   | {}                                                 | spec.name
          Policy   | nobody      | default | {}                                                 | metadata.tenant
          Budget   | acme | b | {amount: "1.00", window: {every: month}, mode: loose}                   | spec.mode
          Budget   | acme | b | {amount: "1.00", window: {rolling: 5m}}                                 | spec.window.rolling
          Budget   | acme | b | {amount: "1.00", window: {rolling: 24h, every: day}}                    | spec.window.every
          Budget   | acme | b | {amount: "1.00", window: {rolling: 24h, timeZone: UTC}}                 | spec.window.timeZone
          Budget   | acme | b | {amount: "1.00", window: {every: fortnight}}                            | spec.window.every
          Budget   | acme | b | {amount: "1.00", window: {every: day, timeZone: Mars/Base}}             | spec.window.timeZone
          Budget   | acme | b | {amount: "1.00"}                                                        | spec.window
          Budget   | acme | b | {amount: "1.00", window: {}}                                            | spec.window.every
          Budget   | acme | b | {amount: 1.00, window: {every: day}}                                    | spec.amount
          Budget   | acme | b | {amount: "-1.00", window: {every: day}}                                 | spec.amount
          Budget   | acme | b | {amount: "1e3", window: {every: day}}                                   | spec.amount
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 80%, action: cap}]}    | spec.thresholds[0].at
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 100%, action: stop}]}  | spec.thresholds[0].action
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 0%, action: alert}]}    | spec.thresholds[0].at
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 101%, action: alert}]}  | spec.thresholds[0].at
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 80, action: alert}]}    | spec.thresholds[0].at
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 80%}]}                  | spec.thresholds[0].action
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 80%, action: alert}, {at: 80%, action: alert}]} | spec.thresholds[1].at
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 80%, action: route}]}   | spec.thresholds[0].route
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 80%, action: route, route: nope}]} | spec.thresholds[0].route
          Budget   | acme | b | {amount: "1.00", window: {every: day}, thresholds: [{at: 100%, action: cap, route: x}]} | spec.thresholds[0].route
          Budget   | acme | b | {amount: "1.00", window: {every: day}, scope: {subject: x, apiKey: k}}  | spec.scope.subject
          Budget   | acme | b | {amount: "1.00", window: {every: day}, scope: {provider: nope}}         | spec.scope.provider
          Budget   | acme-health | b | {amount: "1.00", window: {every: day}, scope: {provider: openai-eu}} | spec.scope.provider
          Budget   | acme | b | {amount: "1.00", window: {every: day}, scope: {tag: {}}}                | spec.scope.tag
          Budget   | acme | b | {amount: "1.00", window: {every: day}, scope: {tag: {app: x, team: y}}} | spec.scope.tag
          Budget   | acme | b | {amount: "1.00", window: {every: day}, scope: {tag: app}}               | spec.scope.tag
          Budget   | acme | b | {amount: "1.00", window: {every: day}, scope: {model: nope}}            | spec.scope.model
          Budget   | acme | b | {amount: "1.00", window: {every: day}, scope: {apiKey: support-assistant}} | spec.scope.apiKey
          Provider | | p | {protocol: azure-openai, baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}} | spec.apiVersion
          Provider | | p | {protocol: azure-openai, apiVersion: "v1&x=1", baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}} | spec.apiVersion
          Provider | | p | {protocol: anthropic, apiVersion: "2026-03-01", baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}} | spec.apiVersion
          Provider | | p | {protocol: mistral, compatibility: vllm, baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}} | spec.compatibility
          Provider | | p | {protocol: openai, compatibility: other, baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}} | spec.compatibility
          Provider | | p | {protocol: smtp, baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}}       | spec.protocol
          Provider | | p | {protocol: openai, baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}, onClientGone: wait} | spec.onClientGone
          Provider | | p | {protocol: openai, baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}, limits: {requestsPerMinute: 1}} | spec.limits
          Provider | | p | {protocol: openai, baseUrl: "https://169.254.169.254", secret: {tenant: acme, name: openai-eu}} | spec.baseUrl
          Provider | | p | {protocol: openai, baseUrl: "https://a.example"}                                | spec.secret
          Provider | | p | {protocol: openai, baseUrl: "https://a.example", secret: {tenant: acme, name: nope}} | spec.secret
          Provider | | p | {protocol: openai, baseUrl: "https://a.example", secret: {name: openai-eu}}     | spec.secret.tenant
          Provider | | p | {protocol: openai, baseUrl: "https://a.example", secret: {tenant: acme, name: openai-eu}, region: nope} | spec.region
          Model    | | m | {traits: [no-sampling, clever]}                                            | spec.traits
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1", cacheWrite5m: "-1"}}]} | spec.prices[0].perMillionTokens.cacheWrite5m
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1", thinking: "1"}}]} | spec.prices[0].perMillionTokens.thinking
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, tiers: [{perMillionTokens: {input: "1", output: "1"}}]}]} | spec.prices[0].tiers[0].fromInputTokens
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, tiers: [{fromInputTokens: 0, perMillionTokens: {input: "1", output: "1"}}]}]} | spec.prices[0].tiers[0].fromInputTokens
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, tiers: [{fromInputTokens: 9}]}]} | spec.prices[0].tiers[0].perMillionTokens
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, serviceTiers: {flex: "0"}}]} | spec.prices[0].serviceTiers.flex
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, serviceTiers: {flex: "0.000"}}]} | spec.prices[0].serviceTiers.flex
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, serviceTiers: {flex: "-1"}}]} | spec.prices[0].serviceTiers.flex
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, serviceTiers: {flex: "100"}}]} | spec.prices[0].serviceTiers.flex
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, serviceTiers: {flex: "0.0001"}}]} | spec.prices[0].serviceTiers.flex
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, serviceTiers: {flex: [1]}}]} | spec.prices[0].serviceTiers.flex
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, serviceTiers: {"a tier": "1"}}]} | spec.prices[0].serviceTiers.a tier
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1", output: "1"}, serviceTiers: {a: "1", b: "1", c: "1", d: "1", e: "1", f: "1", g: "1", h: "1", i: "1"}}]} | spec.prices[0].serviceTiers
          Model    | | m | {prices: [{validFrom: 2026-01-01T00:00:00Z, perMillionTokens: {input: "1"}}]}   | spec.prices[0].perMillionTokens.output
          Model    | | m | {prices: [{perMillionTokens: {input: "1", output: "1"}}]}                       | spec.prices[0].validFrom
          Model    | | m | {prices: [{validFrom: yesterday, perMillionTokens: {input: "1", output: "1"}}]} | spec.prices[0].validFrom
          Model    | | m | {contextTokens: 0}                                                              | spec.contextTokens
          Model    | | m | {contextTokens: "8"}                                                            | spec.contextTokens
          Model    | | m | {deployments: [{name: d, provider: nope, upstreamModel: u}]}                    | spec.deployments[0].provider
          Model    | | m | {deployments: [{name: d, provider: openai-eu}]}                                 | spec.deployments[0].upstreamModel
          Model    | | m | {deployments: [{name: d, provider: openai-eu, upstreamModel: u, weight: -1}]}   | spec.deployments[0].weight
          Model    | | m | {deployments: [{name: assistant-eu, provider: openai-eu, upstreamModel: u}]}    | spec.deployments[0].name
          Tenant   | | t | {}                                             | spec.parent
          Tenant   | | t | {parent: nobody}                               | spec.parent
          Tenant   | | t | {parent: t}                                    | spec.parent
          Tenant   | | acme | {parent: acme-health}                       | spec.parent
          Tenant   | | t | {parent: acme, tags: {costCenter: 4411}}       | spec.tags.costCenter
          Tenant   | | t | {parent: acme, tags: {"a b": x}}               | spec.tags.a b
          Tenant   | | t | {parent: acme, timeZone: Mars/Base}            | spec.timeZone
          Tenant   | | t | {parent: acme, colour: red}                    | spec.colour
          Tenant   | acme | t | {parent: acme}                            | metadata.tenant
          Region   | | UPPER | {}                                         | metadata.name
          Region   | | eu_west | {}                                       | metadata.name
          Tenant   | | t | {parent: acme, tags: {app: "a\\0b"}}           | spec.tags.app
          Region   | | r | {displayName: "a\\0b"}                        | spec.displayName
          Model    | | m | {deployments: [{name: d, provider: openai-eu, upstreamModel: "u\\0"}]}         | spec.deployments[0].upstreamModel
          Region   | | r | {jurisdiction: 5}                              | spec.jurisdiction
          Secret   | acme | s | {regions: [eu-west], value: {fromEnv: X}}   | spec.value.fromEnv
          Secret   | acme | s | {regions: [eu-west], value: {fromFile: X}}  | spec.value.fromFile
          Secret   | acme | s | {regions: [eu-west]}                        | spec.value
          Secret   | acme | s | {regions: [], value: {literal: x}}          | spec.regions
          Secret   | acme | s | {value: {literal: x}}                       | spec.regions
          Secret   | acme | s | {regions: [nowhere], value: {literal: x}}   | spec.regions
          Secret   | acme | s | {regions: [eu-west], value: {literal: "a b"}}    | spec.value.literal
          Secret   | acme | s | {regions: [eu-west], value: {literal: "a\\r\\nb: c"}} | spec.value.literal
          Secret   | acme | s | {regions: [eu-west], value: {literal: pens_live_x}}  | spec.value.literal
          Secret   | nobody | s | {regions: [eu-west], value: {literal: x}}   | metadata.tenant
          Secret   | | s | {regions: [eu-west], value: {literal: x}}          | metadata.tenant
          ApiKey   | acme | k | {models: [nope]}                      | spec.models
          ApiKey   | acme | k | {expiresAt: tomorrow}                 | spec.expiresAt
          ApiKey   | acme | k | {key: pens_live_mine}                 | spec.key
          """)
  void namesTheField(String kind, String tenant, String name, String spec, String field) {
    String owner = tenant == null ? "" : "tenant: " + tenant + ", ";
    Response refused =
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: %s
            metadata: { %sname: %s }
            spec: %s
            """
                .formatted(kind, owner, name, spec));
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.contentType()).isEqualTo("application/problem+json");
    assertThat(refused.jsonPath().getInt("status")).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field")).contains("items[0]." + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Agent", "Nonsense"})
  void refusesKindsItDoesNotHave(String kind) {
    Response refused =
        apply(
            "apiVersion: penstock.dev/v1\nkind: %s\nmetadata: { tenant: acme, name: x }\nspec: {}"
                .formatted(kind));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of("items[0].kind"));
  }

  @Test
  void knowsNoOtherPath() {
    assertThat(get("/nonsense").statusCode()).isEqualTo(404);
    assertThat(get("/nonsense").contentType()).isEqualTo("application/problem+json");
    assertThat(get("/regions/nowhere").statusCode()).isEqualTo(404);
    assertThat(get("/tenants/nobody/secrets").statusCode()).isEqualTo(404);
    assertThat(delete("/regions/nowhere").statusCode()).isEqualTo(404);
  }

  @Test
  void refusesWhatItWouldIgnore() {
    String region =
        "{\"apiVersion\":\"penstock.dev/v1\",\"kind\":\"Region\",\"metadata\":{\"name\":\"x\"}}";
    Response dryRun = post("/regions?dryRun=yes", region);
    assertThat(dryRun.statusCode()).isEqualTo(400);
    assertThat(dryRun.jsonPath().getList("errors.field")).isEqualTo(List.of("dryRun"));
    for (String header : List.of("If-Match", "If-None-Match", "Idempotency-Key")) {
      Response refused = admin().header(header, "\"1\"").get("/tenants/acme/effective-policy");
      assertThat(refused.statusCode()).as(header).isEqualTo(400);
      assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of(header));
    }
    assertThat(get("/regions/x").statusCode()).isEqualTo(404);
  }

  /** The database has no such texts: asked for one, it fails, which would be our fault. */
  @ParameterizedTest
  @CsvSource({
    "/regions/a%00b, name",
    "/tenants/a%00b/secrets, tenant",
    "/tenants/acme/budgets/a%00b/windows, name",
    "/tenants/a%00b/effective-policy, name",
    "/requests?tenant=a%00b, tenant",
    "/requests?errorCode=%00, errorCode",
    "/spend?groupBy=tenant%00, groupBy",
    "/regions?cursor=AA, cursor" // base64 of a NUL
  })
  void refusesNulCharactersInPathsAndQueries(String path, String parameter) {
    // When
    Response refused = admin().urlEncodingEnabled(false).get(path);

    // Then
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of(parameter));
  }

  @Test
  void refusesNulCharactersInJson() {
    // When
    Response refused =
        put(
            "/regions/eu-west",
            """
            {"apiVersion": "penstock.dev/v1", "kind": "Region", "metadata": {"name": "eu-west"},
             "spec": {"jurisdiction": "E\\u0000U"}}\
            """);

    // Then
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of("spec.jurisdiction"));
  }

  /** A filter with a typo must not answer everything. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/regions",
        "/regions/eu-west",
        "/tenants/acme/budgets",
        "/tenants/acme/budgets/year",
        "/tenants/acme/budgets/year/windows",
        "/tenants/acme/effective-policy",
        "/revisions",
        "/nodes",
        "/requests",
        "/requests/00000000-0000-0000-0000-000000000000",
        "/spend"
      })
  void refusesParametersThatAnEndpointDoesNotKnow(String path) {
    // When
    Response refused = get(path + "?tenat=acme");

    // Then
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
    assertThat(refused.contentType()).isEqualTo("application/problem+json");
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of("tenat"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "ten", "99999999999"})
  void refusesALimitThatIsNone(String limit) {
    assertThat(get("/regions?limit=" + limit).statusCode()).isEqualTo(400);
  }

  @Test
  void refusesABodyThatIsNoManifest() {
    for (String body : List.of("", "{", "[]", "5", "{\"a\":1,\"a\":2}", "{} {}", "{}")) {
      assertThat(post("/regions", body).statusCode()).as(body).isIn(400, 422);
    }
    assertThat(apply("kind: [").statusCode()).isEqualTo(400);
    assertThat(apply("just text").statusCode()).isEqualTo(400);
    assertThat(apply("a: 1\na: 2").statusCode()).isEqualTo(400);
    for (String nothing : List.of("[]", "")) {
      assertThat(apply(nothing).statusCode()).isIn(400, 422);
      assertThat(plan(nothing).statusCode()).isIn(400, 422);
    }
  }

  @Test
  void holdsPathAndBodyAgainstEachOther() {
    String body =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "ApiKey",
         "metadata": {"tenant": "acme", "name": "k"}, "spec": {}}\
        """;
    assertThat(post("/tenants/acme-health/api-keys", body).statusCode()).isEqualTo(422);
    assertThat(post("/tenants/acme/budgets", body).statusCode()).isEqualTo(400);
    assertThat(put("/tenants/acme/api-keys/other", body).statusCode()).isEqualTo(400);
    assertThat(put("/tenants/acme/api-keys/k", body).statusCode()).isEqualTo(404);
  }

  @Test
  void refusesToCreateWhatExists() {
    Response refused =
        post(
            "/regions",
            "{\"apiVersion\":\"penstock.dev/v1\",\"kind\":\"Region\","
                + "\"metadata\":{\"name\":\"eu-west\"},\"spec\":{}}");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of("metadata.name"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /regions/eu-west                 | Provider openai-eu spec.region
          /regions/eu-west                 | Policy acme-health/default spec.residency.regions
          /regions/eu-west                 | Secret acme/openai-eu spec.regions
          /tenants/acme                    | tenants
          /tenants/acme-health             | api-keys
          /tenants/acme-health             | budgets
          /tenants/acme/secrets/openai-eu  | Provider openai-eu spec.secret
          /providers/openai-eu             | Model assistant spec.deployments[0].provider
          /models/assistant                | Policy acme/default spec.models.allow
          /models/assistant                | ApiKey acme-health/support-assistant spec.models
          /models/assistant                | Budget acme-health/month spec.scope.model
          """)
  void refusesToDeleteWhatSomethingRefersTo(String path, String referrer) {
    Response refused = delete(path);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.jsonPath().getList("errors.field")).contains(referrer);
    assertThat(get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesASeventeenthBudgetOnAPath() {
    StringBuilder budgets = new StringBuilder();
    for (int i = 0; i < 15; i++) {
      budgets.append(
          """
          apiVersion: penstock.dev/v1
          kind: Budget
          metadata: { tenant: acme, name: extra-%d }
          spec: { amount: "1.00", window: { every: day } }
          ---
          """
              .formatted(i));
    }
    Response refused = apply(budgets.toString());
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getString("detail"))
        .contains("17 budgets would bind requests of acme-health (expected: at most 16)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer wrong", "Basic dGVzdA=="})
  void letsNobodyElseIn(String authorization) {
    for (String path : List.of("/regions", "/nonsense", "/apply", "/revisions")) {
      Response refused =
          given().header("Authorization", authorization).basePath("/api/v1").get(path);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.contentType()).isEqualTo("application/problem+json");
      assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
    assertThat(given().get("/api/v1/regions").statusCode()).isEqualTo(401);
  }
}
