package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the policies let through, computed as a network plugin would. */
class NetworkPolicyTest {

  private static final List<String> METADATA =
      List.of("169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "64:ff9b::a9fe:a9fe");

  static Stream<Release> releases() {
    return Chart.variants().stream().map(Chart::render);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void deniesEverythingFirst(Release release) {
    KubeObject deny =
        release.ofKind("NetworkPolicy").stream()
            .filter(it -> it.name().endsWith("-default-deny"))
            .findFirst()
            .orElseThrow();

    assertThat(deny.list("spec.policyTypes"))
        .extracting(JsonElement::getAsString)
        .containsExactly("Ingress", "Egress");
    assertThat(deny.list("spec.ingress")).isEmpty();
    assertThat(deny.list("spec.egress")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("releases")
  void reachesNoMetadataAddress(Release release) {
    for (KubeObject policy : release.ofKind("NetworkPolicy")) {
      for (JsonElement rule : policy.list("spec.egress")) {
        // Without `to` a rule means everywhere, without `ports` every port.
        assertThat(KubeObject.list(rule, "to")).as(policy.toString()).isNotEmpty();
        assertThat(KubeObject.list(rule, "ports")).as(policy.toString()).isNotEmpty();
        assertThat(METADATA).as(policy + " " + rule).noneMatch(it -> reaches(rule, it));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void excludesOnlyPartsOfItsOwnBlocks(Release release) {
    release.ofKind("NetworkPolicy").stream()
        .flatMap(it -> it.everywhere("ipBlock"))
        .forEach(block ->
            assertThat(KubeObject.list(block, "except"))
                .extracting(JsonElement::getAsString)
                .allMatch(it ->
                    contains(KubeObject.text(block, "cidr"), it.substring(0, it.indexOf('/')))));
  }

  @ParameterizedTest
  @MethodSource("releases")
  void givesTheDataPlaneNoWayToADatabase(Release release) {
    for (KubeObject policy : dataPlanePolicies(release)) {
      List<JsonElement> egress = policy.list("spec.egress");

      assertThat(egress)
          .flatMap(it -> KubeObject.list(it, "ports"))
          .extracting(it -> KubeObject.text(it, "port"))
          .doesNotContain("5432", "5433")
          .isSubsetOf("53", "443", "8000", "8443", "grpc");
      assertThat(egress).noneMatch(it -> reaches(it, "10.20.0.5") || reaches(it, "192.168.1.10"));
    }
  }

  @Test
  void opensPrivateRangesOnlyWhereTheValuesSaySo() {
    List<JsonElement> region =
        dataPlanePolicies(Chart.render(Chart.variant("region"))).getFirst().list("spec.egress");
    List<JsonElement> cluster =
        dataPlanePolicies(Chart.render(Chart.variant("one-cluster")))
            .getFirst()
            .list("spec.egress");

    assertThat(region).anyMatch(it -> reaches(it, "10.30.1.1"));
    assertThat(region).anyMatch(it -> reaches(it, "fd12:3456:789a::1"));
    assertThat(region).noneMatch(it -> reaches(it, "10.31.1.1"));
    assertThat(region).anyMatch(it -> reaches(it, "10.40.0.9")); // the identity provider
    assertThat(cluster).noneMatch(it -> reaches(it, "10.30.1.1"));
    assertThat(cluster).noneMatch(it -> reaches(it, "10.40.0.9"));
    assertThat(cluster).anyMatch(it -> reaches(it, "93.184.216.34"));
    assertThat(cluster).anyMatch(it -> reaches(it, "2606:4700::1111"));
  }

  @Test
  void letsTheConsoleReachTheAdminApiAndTheIdentityProviderAlone() {
    List<KubeObject> policies = Chart.render(Chart.variant("one-cluster")).ofKind("NetworkPolicy");
    List<JsonElement> console = egress(policies, "console");
    List<JsonElement> controlPlane = egress(policies, "control-plane");

    assertThat(console)
        .flatMap(it -> KubeObject.list(it, "ports"))
        .extracting(it -> KubeObject.text(it, "port"))
        .containsExactlyInAnyOrder("53", "53", "http", "443");
    assertThat(console.toString()).contains("control-plane").doesNotContain("data-plane");
    assertThat(controlPlane)
        .flatMap(it -> KubeObject.list(it, "ports"))
        .extracting(it -> KubeObject.text(it, "port"))
        .contains("443");
  }

  @Test
  void letsWebhooksOutToTheInternetAndToPrivateRangesThatTheValuesName() {
    List<JsonElement> usual = webhooks("one-cluster", "443");
    List<JsonElement> named = webhooks("control-plane-only", "8443");

    assertThat(usual).anyMatch(it -> reaches(it, "93.184.216.34"));
    assertThat(usual).noneMatch(it -> reaches(it, "10.60.0.9"));
    assertThat(named).anyMatch(it -> reaches(it, "93.184.216.34"));
    assertThat(named).anyMatch(it -> reaches(it, "10.60.0.9"));
    assertThat(named).noneMatch(it -> reaches(it, "10.61.0.9"));
    assertThat(named.toString()).contains("\"alerts\"");
    assertThat(
            Chart.render(Chart.variant("control-plane-only"))
                .only("Deployment", "llm-control-plane")
                .json()
                .toString())
        .contains("\"PENSTOCK_WEBHOOK_ALLOW_PRIVATE\",\"value\":\"10.60.0.0/24\"");
  }

  @Test
  void letsNoWebhookOutWhereNoPortIsGiven(@TempDir Path scratch) throws IOException {
    Path values =
        Chart.changed(
            Chart.variant("minimal"), "controlPlane: {networkPolicy: {webhookPorts: []}}", scratch);

    List<JsonElement> out = egress(Chart.render(values).ofKind("NetworkPolicy"), "control-plane");

    assertThat(out)
        .flatMap(it -> KubeObject.list(it, "ports"))
        .extracting(it -> KubeObject.text(it, "port"))
        .doesNotContain("443");
  }

  /** The control plane's rules about a port, but for one to an identity provider anywhere. */
  private static List<JsonElement> webhooks(String variant, String port) {
    return egress(Chart.render(Chart.variant(variant)).ofKind("NetworkPolicy"), "control-plane")
        .stream()
        .filter(rule ->
            KubeObject.list(rule, "ports").stream()
                .anyMatch(it -> KubeObject.text(it, "port").equals(port)))
        .filter(rule -> !rule.toString().contains("fd20:ce::254"))
        .toList();
  }

  private static List<JsonElement> egress(List<KubeObject> policies, String component) {
    return policies.stream()
        .filter(it -> it.component().equals(component))
        .findFirst()
        .orElseThrow()
        .list("spec.egress");
  }

  @Test
  void letsMonitoringReadOpsAndNobodyElse() {
    KubeObject region = dataPlanePolicies(Chart.render(Chart.variant("region"))).getFirst();
    KubeObject cluster = dataPlanePolicies(Chart.render(Chart.variant("one-cluster"))).getFirst();

    assertThat(region.list("spec.ingress"))
        .filteredOn(it -> it.toString().contains("\"ops\""))
        .singleElement()
        .satisfies(it -> assertThat(it.toString()).contains("\"monitoring\""));
    assertThat(cluster.list("spec.ingress").toString()).doesNotContain("\"ops\"");
  }

  private static List<KubeObject> dataPlanePolicies(Release release) {
    return release.ofKind("NetworkPolicy").stream()
        .filter(it -> it.component().equals("data-plane"))
        .toList();
  }

  private static boolean reaches(JsonElement rule, String address) {
    return KubeObject.list(rule, "to").stream()
        .map(it -> KubeObject.at(it, "ipBlock"))
        .filter(JsonElement::isJsonObject)
        .anyMatch(block ->
            contains(KubeObject.text(block, "cidr"), address)
                && KubeObject.list(block, "except").stream()
                    .noneMatch(it -> contains(it.getAsString(), address)));
  }

  private static boolean contains(String cidr, String address) {
    try {
      int slash = cidr.indexOf('/');
      byte[] network = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
      byte[] asked = InetAddress.ofLiteral(address).getAddress();
      int free = network.length * 8 - Integer.parseInt(cidr.substring(slash + 1));
      return network.length == asked.length
          && new BigInteger(1, network)
              .shiftRight(free)
              .equals(new BigInteger(1, asked).shiftRight(free));
    } catch (IllegalArgumentException e) {
      throw new AssertionError(cidr + ": not a block of addresses", e);
    }
  }
}
