package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects find the pods they mean, and no others. */
class SelectorTest {

  static Stream<Release> releases() {
    return Chart.variants().stream().map(Chart::render);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void everyWorkloadSelectsItsOwnPodsOnly(Release release) {
    for (KubeObject workload : release.workloads()) {
      if (!workload.kind().equals("Job")) {
        assertThat(release.selectedBy(workload.texts("spec.selector.matchLabels")))
            .containsExactly(workload);
        assertThat(workload.texts("spec.selector.matchLabels"))
            .doesNotContainKeys("app.kubernetes.io/version", "helm.sh/chart", "team");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void everyServiceFindsOneWorkloadWithItsPorts(Release release) {
    for (KubeObject service : release.ofKind("Service")) {
      List<KubeObject> found = release.selectedBy(service.texts("spec.selector"));

      assertThat(found).as(service.toString()).hasSize(1);
      List<String> open =
          KubeObject.list(found.getFirst().container(), "ports").stream()
              .map(it -> KubeObject.text(it, "name"))
              .toList();
      assertThat(service.list("spec.ports"))
          .extracting(it -> KubeObject.text(it, "targetPort"))
          .isSubsetOf(open);
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void everyServerHasOneDisruptionBudget(Release release) {
    List<KubeObject> guarded =
        release.ofKind("PodDisruptionBudget").stream()
            .map(it -> release.selectedBy(it.texts("spec.selector.matchLabels")))
            .peek(it -> assertThat(it).hasSize(1))
            .map(List::getFirst)
            .toList();

    assertThat(guarded)
        .containsExactlyInAnyOrderElementsOf(
            release.workloads().stream().filter(it -> !it.kind().equals("Job")).toList());
  }

  @ParameterizedTest
  @MethodSource("releases")
  void everyNameThatIsReferredToIsRendered(Release release) {
    for (KubeObject workload : release.workloads()) {
      String account = KubeObject.text(workload.podSpec(), "serviceAccountName");
      if (!account.isEmpty()) {
        release.only("ServiceAccount", account);
      }
      if (workload.kind().equals("StatefulSet")) {
        KubeObject governing = release.only("Service", workload.text("spec.serviceName"));
        assertThat(release.selectedBy(governing.texts("spec.selector"))).containsExactly(workload);
      }
      workload
          .everywhere("configMap")
          .map(it -> KubeObject.text(it, "name"))
          .filter(name -> !name.equals("kube-root-ca.crt")) // Kubernetes puts it everywhere
          .forEach(name -> release.only("ConfigMap", name));
    }
    // A hook runs before the release exists, so it may refer to nothing in it.
    assertThat(release.ofKind("Job"))
        .allSatisfy(
            it -> assertThat(KubeObject.text(it.podSpec(), "serviceAccountName")).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("releases")
  void spreadsPodsByTheLabelsTheyHave(Release release) {
    for (KubeObject workload : release.workloads()) {
      KubeObject.list(workload.podSpec(), "topologySpreadConstraints").stream()
          .map(it -> KubeObject.texts(it, "labelSelector.matchLabels"))
          .forEach(it -> assertThat(release.selectedBy(it)).containsExactly(workload));
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void everyPodIsDeniedFirstAndOpenedByOnePolicy(Release release) {
    for (KubeObject workload : release.workloads()) {
      List<String> policies =
          release.ofKind("NetworkPolicy").stream()
              .filter(it -> selects(it, workload.podLabels()))
              .map(KubeObject::name)
              .toList();

      assertThat(policies)
          .as(workload.toString())
          .hasSize(2)
          .anyMatch(it -> it.endsWith("-default-deny"))
          .anyMatch(it -> it.endsWith("-" + workload.component()));
    }
    assertThat(release.ofKind("NetworkPolicy"))
        .allSatisfy(it ->
            assertThat(release.selectedBy(it.texts("spec.podSelector.matchLabels")))
                .as(it.toString())
                .isNotEmpty());
  }

  private static boolean selects(KubeObject policy, Map<String, String> labels) {
    return labels.entrySet().containsAll(policy.texts("spec.podSelector.matchLabels").entrySet());
  }
}
