package dev.penstock.controlplane.guard;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.plan;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.GuardLimits;
import dev.penstock.kernel.guard.OnFailure;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class GuardsTest {

  private static final String SECRETS =
      "{on: [input], detectors: [{type: secrets, action: block}]}";

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void showsWhatWasStatedAndTakesItAgain() {
    String spec =
        """
        {on: [output, input], unscannable: refuse, detectors: [
          {type: pii, entities: [email, phone, iban, credit-card], action: redact},
          {type: secrets, action: block},
          {type: terms, terms: [project falcon], action: flag},
          {type: pattern, pattern: "ACME-[0-9]{6}", action: redact},
          {type: injection},
          {type: size, maxCharacters: 20000, action: block}]}\
        """;
    Response applied = guard("acme", "all", spec);
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);

    Response shown = get("/tenants/acme/guards/all");

    assertThat(shown.jsonPath().getList("spec.on")).isEqualTo(List.of("input", "output"));
    assertThat(shown.jsonPath().getString("spec.unscannable")).isEqualTo("refuse");
    assertThat(shown.jsonPath().getList("spec.detectors"))
        .isEqualTo(
            List.of(
                Map.of(
                    "type",
                    "pii",
                    "entities",
                    List.of("email", "phone", "iban", "credit-card"),
                    "action",
                    "redact"),
                Map.of("type", "secrets", "action", "block"),
                Map.of("type", "terms", "terms", List.of("project falcon"), "action", "flag"),
                Map.of("type", "pattern", "pattern", "ACME-[0-9]{6}", "action", "redact"),
                Map.of("type", "injection", "action", "flag"),
                Map.of("type", "size", "maxCharacters", 20_000, "action", "block")));
    Response planned = post("/plan", "[" + shown.asString() + "]");
    assertThat(planned.jsonPath().getList("changes.action")).isEqualTo(List.of("unchanged"));
    assertThat(delete("/tenants/acme/guards/all").statusCode()).isEqualTo(204);
    assertThat(get("/tenants/acme/guards").jsonPath().getList("items")).isEmpty();
  }

  @Test
  void bindsWhoeverIsBelowAndIsExplained() {
    guard("acme", "shared", SECRETS);
    guard(
        "acme-health",
        "own",
        """
        {on: [output], unscannable: allow, detectors: [{type: pii, entities: [email], action: redact},
          {type: terms, terms: [falcon, osprey], action: flag},
          {type: pattern, pattern: "kite[0-9]", action: block}]}\
        """);
    policy("acme", "{guards: [shared]}");
    policy("acme-health", "{mode: observe, guards: [own, shared]}");

    List<Map<String, Object>> guards =
        get("/tenants/acme-health/effective-policy").jsonPath().getList("guards");

    assertThat(guards)
        .isEqualTo(
            List.of(
                Map.of(
                    "value",
                    Map.of("kind", "Guard", "tenant", "acme", "name", "shared"),
                    "on",
                    List.of("input"),
                    "unscannable",
                    "flag",
                    "detectors",
                    List.of(Map.of("type", "secrets", "action", "block")),
                    "from",
                    List.of(policyOf("acme"), policyOf("acme-health"))),
                Map.of(
                    "value",
                    Map.of("kind", "Guard", "tenant", "acme-health", "name", "own"),
                    "on",
                    List.of("output"),
                    "unscannable",
                    "allow",
                    "detectors",
                    List.of(
                        Map.of("type", "pii", "entities", List.of("email"), "action", "redact"),
                        Map.of("type", "terms", "count", 2, "action", "flag"),
                        Map.of("type", "pattern", "action", "block")),
                    "observed",
                    true,
                    "from",
                    List.of(policyOf("acme-health")))));
  }

  @Test
  void keepsAnExternalGuardAsItIsStated() {
    String spec =
        """
        {on: [input], detectors: [
          {type: http, url: "https://guard.acme.example/v1/check", action: block},
          {type: http, url: "http://127.0.0.1:9000", timeout: 500ms, onFailure: allow, maxConcurrent: 4, action: flag}]}\
        """;
    Response applied = guard("acme", "asked", spec);
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);

    Response shown = get("/tenants/acme/guards/asked");

    assertThat(shown.jsonPath().getList("spec.detectors"))
        .isEqualTo(
            List.of(
                Map.of(
                    "type", "http",
                    "url", "https://guard.acme.example/v1/check",
                    "onFailure", "block",
                    "timeout", "2s",
                    "maxConcurrent", 16,
                    "action", "block"),
                Map.of(
                    "type", "http",
                    "url", "http://127.0.0.1:9000",
                    "onFailure", "allow",
                    "timeout", "500ms",
                    "maxConcurrent", 4,
                    "action", "flag")));
    assertThat(post("/plan", "[" + shown.asString() + "]").jsonPath().getList("changes.action"))
        .isEqualTo(List.of("unchanged"));
    assertThat(sentences(plan(manifest("Guard", "acme", "asked", spec.replace("500ms", "1s")))))
        .singleElement()
        .asString()
        .contains(
            "flag what http://127.0.0.1:9000 finds (asked within 1s, 4 at once; without a verdict allow)");
    policy("acme", "{guards: [asked]}");
    assertThat(get("/tenants/acme/effective-policy").jsonPath().getList("guards[0].detectors"))
        .first()
        .isEqualTo(
            Map.of(
                "type", "http",
                "url", "https://guard.acme.example/v1/check",
                "onFailure", "block",
                "action", "block"));
  }

  @Test
  void keepsAGuardThatAPolicyNames() {
    guard("acme", "shared", SECRETS);
    policy("acme-health", "{guards: [shared]}");

    Response refused = delete("/tenants/acme/guards/shared");

    assertThat(refused.statusCode()).as(refused.asString()).isBetween(409, 422);
    assertThat(refused.asString())
        .contains("guard shared does not exist in acme-health or above it");
    policy("acme-health", "{}");
    assertThat(delete("/tenants/acme/guards/shared").statusCode()).isEqualTo(204);
  }

  @Test
  void takesNoGuardOfABelowOrASibling() {
    guard("acme-health", "own", SECRETS);

    Response refused = policy("acme", "{guards: [own]}");

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString()).contains("spec.guards[0]");
  }

  /** Or whoever writes a tenant's guards and not its policy could be rid of an ancestor's. */
  @Test
  void takesNoGuardWithTheNameOfOneAboveIt() {
    guard("acme", "shared", SECRETS);
    policy("acme-health", "{guards: [shared]}");

    Response refused = guard("acme-health", "shared", SECRETS);

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field"))
        .isEqualTo(List.of("items[0].metadata.name"));
    assertThat(refused.asString()).contains("acme has a guard shared, too");
    assertThat(guard("acme-health", "own", SECRETS).statusCode()).isEqualTo(200);
    assertThat(guard("acme", "own", SECRETS).asString())
        .contains("Guard acme-health/own", "acme has a guard own, too");
  }

  @Test
  void saysWhatAChangeMeans() {
    guard("acme", "shared", SECRETS);
    policy("acme", "{guards: [shared]}");
    String terms =
        "{on: [input], detectors: [{type: terms, terms: [project falcon], action: block}]}";

    assertThat(sentences(plan(manifest("Guard", "acme", "shared", terms))))
        .containsExactly(
            "guard acme/shared, which binds 2 tenants, now has: block 1 term, in requests (was: block secrets, in requests)");
    guard("acme", "shared", terms);
    assertThat(
            sentences(plan(manifest("Guard", "acme", "shared", terms.replace("falcon", "kite")))))
        .containsExactly(
            "guard acme/shared, which binds 2 tenants, looks for other words or patterns");
    assertThat(
            sentences(
                plan(
                    manifest(
                        "Guard",
                        "acme",
                        "more",
                        "{on: [input], detectors: [{type: pii, entities: [email, iban], action: redact},"
                            + " {type: pattern, pattern: x, action: flag}]}"))))
        .containsExactly(
            "guard acme/more is created: redact email or iban; then flag what a pattern matches, in requests");
    assertThat(
            sentences(
                plan(
                    manifest(
                        "Guard", "acme", "shared", terms.replace("[input]", "[input, output]")))))
        .containsExactly(
            "guard acme/shared, which binds 2 tenants, now has: block 1 term, in requests and answers (was: block 1 term, in requests)");
    assertThat(
            sentences(
                plan(
                    manifest(
                        "Guard",
                        "acme",
                        "shared",
                        terms.replace("[input]", "[input], unscannable: refuse")))))
        .containsExactly(
            "guard acme/shared, which binds 2 tenants, now has: block 1 term, in requests; refuse images, sounds and files (was: block 1 term, in requests)");
    assertThat(sentences(plan(manifest("Policy", "acme", "default", "{}"))))
        .contains(
            "requests of tenant acme no longer pass guard acme/shared",
            "requests of tenant acme-health no longer pass guard acme/shared");
  }

  private static List<String> sentences(Response planned) {
    return planned.jsonPath().getList("impact.sentences", String.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {detectors: [{type: secrets, action: block}]}                                   | spec.on | missing
          {on: [input, images], detectors: [{type: secrets, action: block}]}              | spec.on[1] | does not know it (expected: [input, output])
          {on: [output, output], detectors: [{type: secrets, action: block}]}             | spec.on[1] | named twice
          {on: input, detectors: [{type: secrets, action: block}]}                        | spec.on | expected a list
          {on: [], detectors: [{type: secrets, action: block}]}                           | spec.on | expected some of [input, output]
          {on: [input], detectors: [{type: size, action: block}]}                         | spec.detectors[0].maxCharacters | missing
          {on: [input], detectors: [{type: size, maxCharacters: 9, action: redact}]}      | spec.detectors[0].action | cannot be taken out
          {on: [input], detectors: [{type: http, action: block}]}                         | spec.detectors[0].url | is missing
          {on: [input], detectors: [{type: http, url: "https://guard.example"}]}          | spec.detectors[0].action | is missing
          {on: [input], detectors: [{type: http, url: "https://guard.example", action: redact}]} | spec.detectors[0].action | a verdict and no places
          {on: [input], detectors: [{type: http, url: "http://guard.example", action: block}]} | spec.detectors[0].url | expected https
          {on: [input], detectors: [{type: http, url: "https://10.0.0.7/check", action: block}]} | spec.detectors[0].url | outside PENSTOCK_PROVIDER_ALLOW_PRIVATE
          {on: [input], detectors: [{type: http, url: "https://metadata.google.internal", action: block}]} | spec.detectors[0].url | metadata service
          {on: [input], detectors: [{type: http, url: "https://me:word@guard.example", action: block}]} | spec.detectors[0].url | without user
          {on: [input], detectors: [{type: http, url: "https://guard.example", timeout: 31s, action: block}]} | spec.detectors[0].timeout | from 50ms to 30s
          {on: [input], detectors: [{type: http, url: "https://guard.example", onFailure: flag, action: block}]} | spec.detectors[0].onFailure | expected one of [allow, block]
          {on: [input], detectors: [{type: http, url: "https://guard.example", maxConcurrent: 0, action: block}]} | spec.detectors[0].maxConcurrent | from 1 to 256
          {on: [input], detectors: [{type: http, url: "https://guard.example", secret: {name: x}, action: block}]} | spec.detectors[0].secret | unknown field
          {on: [input, output], detectors: [{type: http, url: "https://guard.example", action: block}]} | spec.on | put it into a guard of its own
          {on: [output], detectors: [{type: http, url: "https://guard.example", action: block}]} | spec.on | put it into a guard of its own
          {on: [input], unscannable: ask, detectors: [{type: secrets, action: block}]}    | spec.unscannable | expected one of [allow, flag, refuse]
          {on: [input]}                                                                   | spec.detectors | is missing
          {on: [input], detectors: []}                                                    | spec.detectors | 1 to 16
          {on: [input], detectors: [{type: toxicity, action: block}]}                     | spec.detectors[0].type | expected one of
          {on: [input], detectors: [{type: secrets}]}                                     | spec.detectors[0].action | is missing
          {on: [input], detectors: [{type: secrets, action: warn}]}                       | spec.detectors[0].action | expected one of
          {on: [input], detectors: [{type: secrets, action: flag, level: 3}]}             | spec.detectors[0].level | unknown field
          {on: [input], detectors: [{type: pii, action: block}]}                          | spec.detectors[0].entities | at least one
          {on: [input], detectors: [{type: pii, entities: [ssn], action: block}]}         | spec.detectors[0].entities[0] | does not know it
          {on: [input], detectors: [{type: terms, terms: [], action: block}]}             | spec.detectors[0].terms | 1 to 500
          {on: [input], detectors: [{type: terms, terms: [a, a], action: block}]}         | spec.detectors[0].terms[1] | twice
          {on: [input], detectors: [{type: terms, terms: [" "], action: block}]}          | spec.detectors[0].terms[0] | 1 to 100
          {on: [input], detectors: [{type: pattern, action: block}]}                      | spec.detectors[0].pattern | is missing
          {on: [input], detectors: [{type: pattern, pattern: "a(?=b)", action: block}]}   | spec.detectors[0].pattern | at character 2
          {on: [input], detectors: [{type: pattern, pattern: "x*", action: block}]}       | spec.detectors[0].pattern | empty text
          {on: [input], detectors: [{type: pattern, pattern: "(a{99}){99}", action: block}]} | spec.detectors[0].pattern | too large
          """)
  void namesTheFieldThatIsWrong(String spec, String field, String says) {
    Response refused = guard("acme", "all", spec);

    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field", String.class))
        .as(refused.asString())
        .anyMatch(named -> named.endsWith(field));
    assertThat(refused.asString()).contains(says);
    assertThat(get("/tenants/acme/guards").jsonPath().getList("items")).isEmpty();
  }

  @Test
  void keepsATenantsGuardsWithinAResourceOfASnapshot() {
    String most = guards(GuardLimits.MAX_GUARDS_PER_TENANT, SECRETS);
    assertThat(apply(most).statusCode()).isEqualTo(200);

    Response oneMore = guard("acme", "one-more", SECRETS);

    assertThat(oneMore.statusCode()).isEqualTo(422);
    assertThat(oneMore.asString()).contains("would have 33 guards (expected: at most 32)");
    String term = "x".repeat(GuardLimits.MAX_TERM_LENGTH - 3);
    String terms =
        IntStream.range(0, GuardLimits.MAX_TERMS)
            .mapToObj(i -> "%03d%s".formatted(i, term))
            .collect(Collectors.joining(", "));
    Response tooLong =
        apply(
            guards(
                2,
                "{on: [input], detectors: [{type: terms, terms: [%s], action: flag}]}"
                    .formatted(terms)));
    assertThat(tooLong.statusCode()).isEqualTo(422);
    assertThat(tooLong.asString())
        .contains("would have 100000 characters (expected: at most 50000)");
  }

  @Test
  void letsNoRequestPassTooManyGuards() {
    assertThat(apply(guards(17, SECRETS)).statusCode()).isEqualTo(200);
    assertThat(policy("acme", "{guards: %s}".formatted(names(0, 16))).statusCode()).isEqualTo(200);

    Response refused = policy("acme-health", "{guards: %s}".formatted(names(16, 17)));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.asString())
        .contains("17 guards would be named on the path of acme-health (expected: at most 16)");
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "g-" + i).toList();
  }

  private static String guards(int count, String spec) {
    return names(0, count).stream()
        .map(name -> manifest("Guard", "acme", name, spec))
        .collect(Collectors.joining("---\n"));
  }

  @Test
  void describesItsLimitsAsTheyAreEnforced() {
    String described = given().accept("application/json").get("/q/openapi?format=json").asString();
    JsonPath spec =
        JsonPath.from(described).setRootPath("components.schemas.GuardSpec.properties.detectors");
    JsonPath sides =
        JsonPath.from(described).setRootPath("components.schemas.GuardSpec.properties.on");

    assertThat(spec.getInt("maxItems")).isEqualTo(GuardLimits.MAX_DETECTORS);
    assertThat(spec.getInt("items.properties.terms.maxItems")).isEqualTo(GuardLimits.MAX_TERMS);
    assertThat(spec.getInt("items.properties.terms.items.maxLength"))
        .isEqualTo(GuardLimits.MAX_TERM_LENGTH);
    assertThat(spec.getInt("items.properties.pattern.maxLength"))
        .isEqualTo(GuardLimits.MAX_PATTERN_LENGTH);
    assertThat(spec.getInt("items.properties.url.maxLength")).isEqualTo(GuardLimits.MAX_URL_LENGTH);
    assertThat(spec.getInt("items.properties.maxConcurrent.maximum"))
        .isEqualTo(GuardLimits.MAX_CONCURRENT);
    assertThat(spec.getInt("items.properties.maxConcurrent.default"))
        .isEqualTo(GuardLimits.CONCURRENT);
    assertThat(spec.getList("items.properties.onFailure.enum")).isEqualTo(OnFailure.words());
    assertThat(spec.getList("items.properties.entities.items.enum"))
        .isEqualTo(Arrays.stream(PiiEntity.values()).map(PiiEntity::word).toList());
    assertThat(spec.getList("items.properties.action.enum"))
        .isEqualTo(Arrays.stream(Action.values()).map(Action::word).toList());
    assertThat(
            JsonPath.from(described)
                .getList("components.schemas.GuardSpec.properties.unscannable.enum"))
        .isEqualTo(Unscannable.words());
    assertThat(sides.getList("items.enum")).isEqualTo(Side.words());
    assertThat(sides.getInt("maxItems")).isEqualTo(Side.values().length);
  }

  private static Map<String, String> policyOf(String tenant) {
    return Map.of("kind", "Policy", "tenant", tenant, "name", "default");
  }

  private static Response guard(String tenant, String name, String spec) {
    return apply(manifest("Guard", tenant, name, spec));
  }

  private static Response policy(String tenant, String spec) {
    return apply(manifest("Policy", tenant, "default", spec));
  }

  private static String manifest(String kind, String tenant, String name, String spec) {
    return """
    apiVersion: penstock.dev/v1
    kind: %s
    metadata: { tenant: %s, name: %s }
    spec: %s
    """
        .formatted(kind, tenant, name, spec.replace("\n", " "));
  }
}
