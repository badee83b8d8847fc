package dev.penstock.it.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** How an application is to be; what is not said is as harmless as can be. */
public final class ApplicationPlan {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final PenstockTester tester;
  private final int number = NUMBERS.incrementAndGet();
  private final List<String> allowed = new ArrayList<>();
  private String upstreamModel = "sim-n5-b24-d0-t0-g1";
  private String region = "eu-west";
  private String providers = "openai";
  private String providerRegions = "eu-west,us-east";
  private String residency = "eu-west, us-east";
  private String budget = "1000.00";
  private String budgetFields = "";
  private long maxOutputTokens = 1000;
  private String keySpec = "{}";
  private String mode = "enforce";
  private String detectors = "";
  private String guarded = "input";

  ApplicationPlan(PenstockTester tester) {
    this.tester = tester;
  }

  /** The simulator's script behind the model. */
  public ApplicationPlan upstream(String model) {
    upstreamModel = model;
    return this;
  }

  /** Whose node the application calls. */
  public ApplicationPlan at(String nodeRegion) {
    region = nodeRegion;
    return this;
  }

  /** Whose model it is, by what comes before {@code -eu} and {@code -us}. */
  public ApplicationPlan from(String providerNames) {
    providers = providerNames;
    return this;
  }

  /** Where the model can be had. */
  public ApplicationPlan deployedIn(String regions) {
    providerRegions = regions;
    return this;
  }

  public ApplicationPlan residency(String regions) {
    residency = regions;
    return this;
  }

  /** In USD, for a month. */
  public ApplicationPlan budget(String usd) {
    budget = usd;
    return this;
  }

  /** Further fields of its budget, as a line of YAML. */
  public ApplicationPlan budgetSays(String fields) {
    budgetFields = fields;
    return this;
  }

  /** How long the model's answers may be. */
  public ApplicationPlan maxOutput(long tokens) {
    maxOutputTokens = tokens;
    return this;
  }

  public ApplicationPlan key(String spec) {
    keySpec = spec;
    return this;
  }

  /** Its policy says what would be denied, and denies nothing. */
  public ApplicationPlan observing() {
    mode = "observe";
    return this;
  }

  /** Its policy names a guard of its own, {@code g}, with these. */
  public ApplicationPlan guard(String guardDetectors) {
    detectors = guardDetectors;
    return this;
  }

  /** The guard looks at answers, and not at requests. */
  public ApplicationPlan onAnswers() {
    guarded = "output";
    return this;
  }

  /** Models beside its own that it may use. */
  public ApplicationPlan alsoAllowed(String model) {
    allowed.add(model);
    return this;
  }

  /** Applies it, and waits until every node knows it. */
  public Application create() {
    String tenant = "t-" + number;
    String model = "m-" + number;
    allowed.add(model);
    JsonNode applied =
        tester
            .admin()
            .applyEverywhere(
                modelManifest(model) + tenantManifests(tenant, String.join(", ", allowed)));
    String key = applied.path("keys").path(0).path("key").asText();
    return new Application(tenant, model, upstreamModel, key, "app", tester.gateway(region));
  }

  /**
   * The simulator's own prices, so that its invoice is what the record has to say. The limit on
   * output keeps what is held at a cent.
   */
  private String modelManifest(String model) {
    StringBuilder deployments = new StringBuilder();
    for (String where : providerRegions.split(",")) {
      String provider = providers + "-" + where.substring(0, 2);
      deployments.append(
          "  - { name: %s-%s, provider: %s, upstreamModel: %s, weight: 100 }\n"
              .formatted(model, where, provider, upstreamModel));
    }
    return """
    apiVersion: penstock.dev/v1
    kind: Model
    metadata: { name: %s }
    spec:
      contextTokens: 128000
      maxOutputTokens: %s
      prices:
        - validFrom: 2026-01-01T00:00:00Z
          perMillionTokens: { input: "2.50", cacheRead: "1.25", output: "10.00" }
      deployments:
    %s
    ---
    """
        .formatted(model, maxOutputTokens, deployments.toString().indent(4).stripTrailing());
  }

  private String tenantManifests(String tenant, String models) {
    return """
    apiVersion: penstock.dev/v1
    kind: Tenant
    metadata: { name: %1$s }
    spec: { parent: acme, displayName: Test %1$s, timeZone: UTC }
    ---
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: %1$s, name: default }
    spec:
      mode: %6$s
      models: { allow: [%2$s] }
      residency: { regions: [%3$s] }
      %7$s
    ---
    apiVersion: penstock.dev/v1
    kind: Budget
    metadata: { tenant: %1$s, name: month }
    spec:
      scope: {}
      amount: "%4$s"
      window: { every: month, timeZone: UTC }
      mode: strict
      %8$s
    ---
    apiVersion: penstock.dev/v1
    kind: ApiKey
    metadata: { tenant: %1$s, name: app }
    spec: %5$s
    """
            .formatted(
                tenant,
                models,
                residency,
                budget,
                keySpec,
                mode,
                detectors.isEmpty() ? "" : "guards: [g]",
                budgetFields)
        + guardManifest(tenant);
  }

  private String guardManifest(String tenant) {
    return detectors.isEmpty()
        ? ""
        : """
        ---
        apiVersion: penstock.dev/v1
        kind: Guard
        metadata: { tenant: %s, name: g }
        spec: { on: [%s], detectors: %s }
        """
            .formatted(tenant, guarded, detectors);
  }
}
