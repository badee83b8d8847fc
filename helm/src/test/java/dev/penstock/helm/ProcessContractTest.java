package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The environment each process is started with is the one it reads. */
class ProcessContractTest {

  private static final Map<String, Set<String>> ENVIRONMENT =
      Map.of(
          "control-plane",
          Set.of(
              "PENSTOCK_BIND_HOST",
              "PENSTOCK_ADMIN_PORT",
              "PENSTOCK_GRPC_PORT",
              "PENSTOCK_DB_URL",
              "PENSTOCK_DB_USER",
              "PENSTOCK_DB_PASSWORD",
              "PENSTOCK_ADMIN_TOKEN_FILE",
              "PENSTOCK_MASTER_KEY_FILE",
              "PENSTOCK_PEPPER_VERSION",
              "PENSTOCK_SNAPSHOT_SIGNING_KEY",
              "PENSTOCK_TLS_CA",
              "PENSTOCK_TLS_CERT",
              "PENSTOCK_TLS_KEY",
              "PENSTOCK_OIDC_ISSUER",
              "PENSTOCK_OIDC_AUDIENCE",
              "PENSTOCK_OIDC_STEP_UP_ACR",
              "PENSTOCK_ROLLOUT_CANARY",
              "PENSTOCK_ROLLOUT_QUARTER",
              "PENSTOCK_ROLLOUT_PATIENCE",
              "PENSTOCK_PROVIDER_ALLOW_PRIVATE",
              "PENSTOCK_WEBHOOK_ALLOW_PRIVATE"),
          "migrations",
          Set.of(
              "PENSTOCK_DB_URL",
              "PENSTOCK_DB_ADMIN_USER",
              "PENSTOCK_DB_ADMIN_PASSWORD",
              "PENSTOCK_DB_APP_PASSWORD"),
          "data-plane",
          Set.of(
              "PENSTOCK_BIND_HOST",
              "PENSTOCK_NODE_NAME",
              "PENSTOCK_REGION",
              "PENSTOCK_TRAFFIC_PORT",
              "PENSTOCK_OPS_PORT",
              "PENSTOCK_CONTROL_PLANE",
              "PENSTOCK_TLS_CA",
              "PENSTOCK_TLS_CERT",
              "PENSTOCK_TLS_KEY",
              "PENSTOCK_SNAPSHOT_PUBLIC_KEY",
              "PENSTOCK_DATA_DIR",
              "PENSTOCK_DRAIN_SECONDS",
              "PENSTOCK_PROVIDER_ALLOW_PRIVATE"),
          "console",
          Set.of(
              "PENSTOCK_BIND_HOST",
              "PENSTOCK_CONSOLE_PORT",
              "PENSTOCK_CONSOLE_URL",
              "PENSTOCK_ADMIN_URL",
              "PENSTOCK_OIDC_ISSUER",
              "PENSTOCK_CONSOLE_CLIENT_ID",
              "PENSTOCK_CONSOLE_CLIENT_SECRET"));

  private static final Set<String> PROVISIONING =
      Set.of("PENSTOCK_PROVISIONING_CLIENT_ID", "PENSTOCK_PROVISIONING_CLIENT_SECRET_FILE");

  private static final String TOKENS = "PENSTOCK_JWT_";

  static Stream<Release> releases() {
    return Chart.variants().stream().map(Chart::render);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void startsEachProcessWithExactlyItsVariables(Release release) {
    assertThat(release.workloads())
        .isNotEmpty()
        .allSatisfy(it ->
            assertThat(environment(it).keySet())
                .filteredOn(name -> !PROVISIONING.contains(name) && !name.startsWith(TOKENS))
                .containsExactlyInAnyOrderElementsOf(expected(release, it.component())));
  }

  /** Where nodes enrol, they are given no certificate, and the control plane issues them. */
  private static Set<String> expected(Release release, String component) {
    Set<String> expected = new HashSet<>(ENVIRONMENT.getOrDefault(component, Set.of()));
    if (release.toString().startsWith("join-token") && component.equals("data-plane")) {
      expected.removeAll(Set.of("PENSTOCK_TLS_CERT", "PENSTOCK_TLS_KEY"));
      expected.add("PENSTOCK_JOIN_TOKEN_FILE");
    }
    if (!release.toString().startsWith("enrolment")) {
      return expected;
    }
    switch (component) {
      case "control-plane" ->
          expected.addAll(
              Set.of(
                  "PENSTOCK_NODE_CA_CERT",
                  "PENSTOCK_NODE_CA_KEY",
                  "PENSTOCK_NODE_CERTIFICATE_LIFETIME",
                  "PENSTOCK_KUBERNETES_SERVICE_ACCOUNTS"));
      case "data-plane" -> {
        expected.removeAll(Set.of("PENSTOCK_TLS_CERT", "PENSTOCK_TLS_KEY"));
        expected.add("PENSTOCK_SERVICE_ACCOUNT_TOKEN_FILE");
      }
      default -> {}
    }
    return expected;
  }

  @ParameterizedTest
  @MethodSource("releases")
  void tellsTheDatabaseOnlyToTheControlPlaneAndAdminCredentialsOnlyToTheMigration(Release release) {
    assertThat(release.workloadsOf("data-plane"))
        .allSatisfy(it -> assertThat(it.json().toString()).doesNotContain("_DB_", "jdbc:"));
    assertThat(release.workloads())
        .filteredOn(it -> !it.component().equals("migrations"))
        .allSatisfy(it -> assertThat(it.json().toString()).doesNotContain("_DB_ADMIN_"));
  }

  /** A variable with a path points into something that is mounted. */
  @ParameterizedTest
  @MethodSource("releases")
  void mountsEveryFileThatAVariableNames(Release release) {
    for (KubeObject workload : release.workloads()) {
      List<String> mounts =
          KubeObject.list(workload.container(), "volumeMounts").stream()
              .map(it -> KubeObject.text(it, "mountPath"))
              .toList();
      Stream<String> paths =
          environment(workload).values().stream()
              .map(it -> KubeObject.text(it, "value"))
              .filter(it -> it.startsWith("/"));

      assertThat(paths)
          .as(workload.toString())
          .allSatisfy(path ->
              assertThat(mounts).anyMatch(it -> path.equals(it) || path.startsWith(it + "/")));
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void listensWhereTheServicesLook(Release release) {
    for (KubeObject workload : release.workloads()) {
      Map<String, String> ports =
          KubeObject.list(workload.container(), "ports").stream()
              .collect(
                  Collectors.toMap(
                      it -> KubeObject.text(it, "name"),
                      it -> KubeObject.text(it, "containerPort")));
      List<String> told =
          environment(workload).entrySet().stream()
              .filter(it -> it.getKey().endsWith("_PORT"))
              .map(it -> KubeObject.text(it.getValue(), "value"))
              .toList();

      assertThat(ports.values()).as(workload.toString()).containsExactlyInAnyOrderElementsOf(told);
    }
  }

  @Test
  void givesTheControlPlaneItsProvisioningClientWhereThereIsOne() {
    assertThat(provisioning("one-cluster")).isEmpty();
    assertThat(provisioning("control-plane-only"))
        .containsExactlyInAnyOrderElementsOf(PROVISIONING);
  }

  private static List<String> provisioning(String variant) {
    return Chart.render(Chart.variant(variant)).workloads().stream()
        .flatMap(it -> environment(it).keySet().stream())
        .filter(PROVISIONING::contains)
        .toList();
  }

  @Test
  void tellsNodesWhoseTokensTheyTakeWhereTheyTakeAny() {
    assertThat(toldToNodes("region", "PENSTOCK_JWT_ISSUER"))
        .isEqualTo("https://sso.example.com/realms/penstock");
    assertThat(toldToNodes("region", "PENSTOCK_JWT_AUDIENCE")).isEqualTo("penstock-dataplane");
    assertThat(toldToNodes("region", "PENSTOCK_JWT_JWKS_URL"))
        .isEqualTo("https://sso.example.com/realms/penstock/protocol/openid-connect/certs");
    assertThat(toldToNodes("region", "PENSTOCK_JWT_CA"))
        .isEqualTo("/etc/penstock/snapshot/issuer-ca.crt");
    KubeObject node =
        Chart.render(Chart.variant("one-cluster")).workloadsOf("data-plane").getFirst();
    assertThat(environment(node).keySet()).noneMatch(name -> name.startsWith(TOKENS));
  }

  @Test
  void joinsPrivateRangesAsThePlanesReadThem() {
    assertThat(toldToNodes("region", "PENSTOCK_PROVIDER_ALLOW_PRIVATE"))
        .isEqualTo("10.30.0.0/16,fd12:3456:789a::/48");
  }

  /** Otherwise a node ends its streams long before the grace period that Kubernetes gives it. */
  @Test
  void tellsNodesHowLongStreamsMayGoOn() {
    assertThat(toldToNodes("region", "PENSTOCK_DRAIN_SECONDS")).isEqualTo("1800");
    assertThat(toldToNodes("one-cluster", "PENSTOCK_DRAIN_SECONDS")).isEqualTo("600");
  }

  @Test
  void sendsNodesToTheControlPlaneOfTheReleaseOrToTheOneNamed() {
    assertThat(toldToNodes("one-cluster", "PENSTOCK_CONTROL_PLANE"))
        .isEqualTo("penstock-control-plane.llm.svc:9443");
    assertThat(toldToNodes("region", "PENSTOCK_CONTROL_PLANE"))
        .isEqualTo("penstock.example.com:443");
  }

  private static String toldToNodes(String variant, String name) {
    KubeObject node = Chart.render(Chart.variant(variant)).workloadsOf("data-plane").getFirst();
    JsonElement variable = environment(node).getOrDefault(name, JsonNull.INSTANCE);
    return KubeObject.text(variable, "value");
  }

  private static Map<String, JsonElement> environment(KubeObject workload) {
    Map<String, JsonElement> environment = new LinkedHashMap<>();
    for (JsonElement variable : KubeObject.list(workload.container(), "env")) {
      JsonElement twice = environment.put(KubeObject.text(variable, "name"), variable);
      assertThat(twice).as(workload + ": set twice").isNull();
    }
    return environment;
  }
}
