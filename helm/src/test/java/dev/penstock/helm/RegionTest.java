package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One data plane per region, of nodes that keep who they are. */
class RegionTest {

  static Stream<Release> releases() {
    return Chart.variants().stream().map(Chart::render);
  }

  @Test
  void rendersOneDataPlanePerRegion() {
    Release release = Chart.render(Chart.variant("one-cluster"));

    assertThat(release.ofKind("StatefulSet"))
        .extracting(KubeObject::name)
        .containsExactly("penstock-node-eu-west", "penstock-node-us-east");
    assertThat(release.ofKind("StatefulSet"))
        .extracting(it -> it.text("spec.replicas"))
        .containsExactly("3", "2");
    assertThat(Chart.render(Chart.variant("control-plane-only")).ofKind("StatefulSet")).isEmpty();
    assertThat(Chart.render(Chart.variant("region")).ofKind("Deployment")).isEmpty();
  }

  @Test
  void showsANodeItsOwnKeyOnly() {
    KubeObject node =
        Chart.render(Chart.variant("one-cluster")).only("StatefulSet", "penstock-node-eu-west");

    List<JsonElement> mounts =
        KubeObject.list(node.container(), "volumeMounts").stream()
            .filter(it -> KubeObject.text(it, "name").equals("tls"))
            .toList();

    assertThat(mounts)
        .extracting(it -> KubeObject.text(it, "subPath") + KubeObject.text(it, "subPathExpr"))
        .containsExactly("ca.crt", "$(PENSTOCK_NODE_NAME).crt", "$(PENSTOCK_NODE_NAME).key");
    assertThat(node.json().toString())
        .contains("\"fieldPath\":\"metadata.name\"", "penstock-nodes-eu-west");
  }

  @Test
  void asksCertManagerForTheNodesIdentity() {
    KubeObject node =
        Chart.render(Chart.variant("region")).only("StatefulSet", "penstock-node-ap-southeast-2");

    assertThat(node.everywhere("volumeAttributes").map(it -> it.getAsJsonObject()))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.get("csi.cert-manager.io/uri-sans").getAsString())
              .isEqualTo("spiffe://penstock/region/ap-southeast-2/node/${POD_NAME}");
          assertThat(it.get("csi.cert-manager.io/key-encoding").getAsString()).isEqualTo("PKCS8");
        });
  }

  @Test
  void letsEachRegionEnrolUnderAnAccountOfItsOwn() {
    Release release = Chart.render(Chart.variant("enrolment"));
    KubeObject node = release.only("StatefulSet", "penstock-node-us-east");

    assertThat(KubeObject.text(node.podSpec(), "serviceAccountName"))
        .isEqualTo("penstock-node-us-east");
    assertThat(node.json().toString()).contains("\"audience\":\"penstock-enrolment\"");
    assertThat(release.only("Deployment", "penstock-control-plane").json().toString())
        .contains("us-east=llm/penstock-node-us-east");
    assertThat(release.ofKind("ClusterRoleBinding"))
        .singleElement()
        .satisfies(it -> assertThat(it.text("roleRef.name")).isEqualTo("system:auth-delegator"));
  }

  /** Whatever node the pod is, and whether or not the Secret is there when it starts. */
  @Test
  void givesEachPodTheJoinTokenOfItsName() {
    KubeObject node =
        Chart.render(Chart.variant("join-token")).only("StatefulSet", "penstock-node-us-east");

    assertThat(node.json().toString())
        .contains("{\"secretName\":\"us-east-join\",\"defaultMode\":288,\"optional\":true}")
        .contains("\"value\":\"/etc/penstock/enrolment/$(PENSTOCK_NODE_NAME)\"")
        .contains("\"mountPath\":\"/etc/penstock/enrolment\"")
        .doesNotContain("subPath", "tls.key", "serviceAccountToken");
    assertThat(KubeObject.text(node.podSpec(), "serviceAccountName"))
        .isEqualTo("penstock-data-plane");
  }

  @ParameterizedTest
  @MethodSource("releases")
  void leavesStreamsAllOfTheirTimeToEnd(Release release) throws IOException {
    for (KubeObject node : release.ofKind("StatefulSet")) {
      int grace = KubeObject.at(node.podSpec(), "terminationGracePeriodSeconds").getAsInt();
      int before = KubeObject.at(node.container(), "lifecycle.preStop.sleep.seconds").getAsInt();
      int drain = release.toString().startsWith("region") ? 1800 : 600;

      assertThat(grace).isEqualTo(drain + 60);
      assertThat(before).isBetween(1, 30);
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void neverPublishesTheOpsPort(Release release) {
    for (KubeObject service : release.ofKind("Service")) {
      List<String> ports =
          service.list("spec.ports").stream().map(it -> KubeObject.text(it, "targetPort")).toList();
      boolean outside = !service.text("spec.type").equals("ClusterIP");

      assertThat(ports).as(service.toString()).isNotEmpty();
      if (outside) {
        assertThat(ports).as(service.toString()).doesNotContain("ops", "http");
      }
      if (ports.contains("ops")) {
        assertThat(service.text("spec.clusterIP")).isEqualTo("None");
      }
    }
  }

  @Test
  void keepsTheSpoolOfANodeThatIsScaledAway() {
    KubeObject node =
        Chart.render(Chart.variant("one-cluster")).only("StatefulSet", "penstock-node-us-east");

    assertThat(node.texts("spec.persistentVolumeClaimRetentionPolicy"))
        .containsEntry("whenScaled", "Retain")
        .containsEntry("whenDeleted", "Retain");
    assertThat(node.list("spec.volumeClaimTemplates")).hasSize(1);
    assertThat(
            Chart.render(Chart.variant("region"))
                .workloads()
                .getFirst()
                .list("spec.volumeClaimTemplates"))
        .isEmpty();
  }

  @Test
  void leavesTheNumberOfNodesToTheAutoscalerAlone() {
    Release release = Chart.render(Chart.variant("region"));
    KubeObject scaler = release.ofKind("HorizontalPodAutoscaler").getFirst();

    assertThat(release.only("StatefulSet", scaler.text("spec.scaleTargetRef.name")).at("spec"))
        .satisfies(it -> assertThat(it.getAsJsonObject().has("replicas")).isFalse());
    assertThat(scaler.json().toString()).contains("penstock_active_streams");
  }

  @Test
  void restartsNodesWhenTheSnapshotKeyChanges(@TempDir Path scratch) throws IOException {
    // Given
    String otherKey =
        "dataPlane: {snapshotPublicKey: \"-----BEGIN PUBLIC KEY-----\\nAAAA\\n"
            + "-----END PUBLIC KEY-----\\n\"}";
    Path changed = Chart.changed(Chart.variant("minimal"), otherKey, scratch);

    // When
    String before = keyChecksum(Chart.variant("minimal"));
    String after = keyChecksum(changed);

    // Then
    assertThat(after).isNotEmpty().isNotEqualTo(before);
  }

  private static String keyChecksum(Path values) {
    return Chart.render(values)
        .only("StatefulSet", "penstock-node-eu")
        .texts("spec.template.metadata.annotations")
        .getOrDefault("checksum/snapshot-key", "");
  }
}
