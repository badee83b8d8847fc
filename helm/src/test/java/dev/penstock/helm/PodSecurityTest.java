package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pod meets the Pod Security Standard "restricted", and a little more. */
class PodSecurityTest {

  private static final Set<String> VOLUME_KINDS =
      Set.of("configMap", "csi", "emptyDir", "projected", "secret");

  static Stream<Release> releases() {
    return Chart.variants().stream().map(Chart::render);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void runsWithoutRootTokenOrWritableRoot(Release release) {
    for (KubeObject workload : release.workloads()) {
      JsonElement pod = workload.podSpec();
      assertThat(pod.toString())
          .as(workload.toString())
          .contains("\"automountServiceAccountToken\":false")
          .contains("\"enableServiceLinks\":false")
          .doesNotContain(
              "hostNetwork", "hostPID", "hostIPC", "hostPath", "hostPort", "privileged");
      assertThat(KubeObject.at(pod, "securityContext").toString())
          .contains("\"runAsNonRoot\":true", "\"runAsUser\":10001", "\"runAsGroup\":10001")
          .contains("\"seccompProfile\":{\"type\":\"RuntimeDefault\"}");
      assertThat(KubeObject.list(pod, "initContainers")).isEmpty();
      assertThat(KubeObject.list(pod, "containers"))
          .hasSize(1)
          .allSatisfy(it ->
              assertThat(KubeObject.at(it, "securityContext").toString())
                  .contains("\"allowPrivilegeEscalation\":false")
                  .contains("\"readOnlyRootFilesystem\":true")
                  .contains("\"runAsNonRoot\":true")
                  .contains("\"capabilities\":{\"drop\":[\"ALL\"]}")
                  .doesNotContain("\"add\""));
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void mountsOnlyHarmlessVolumesAndEveryOneOfThem(Release release) {
    for (KubeObject workload : release.workloads()) {
      List<JsonElement> volumes = KubeObject.list(workload.podSpec(), "volumes");
      Stream<String> named = volumes.stream().map(it -> KubeObject.text(it, "name"));
      Stream<String> claimed =
          workload.list("spec.volumeClaimTemplates").stream()
              .map(it -> KubeObject.text(it, "metadata.name"));
      Stream<String> mounted =
          KubeObject.list(workload.container(), "volumeMounts").stream()
              .map(it -> KubeObject.text(it, "name"))
              .distinct();

      assertThat(mounted)
          .as(workload.toString())
          .containsExactlyInAnyOrderElementsOf(Stream.concat(named, claimed).toList());
      assertThat(volumes)
          .flatMap(it -> it.getAsJsonObject().keySet())
          .filteredOn(it -> !it.equals("name"))
          .isSubsetOf(VOLUME_KINDS);
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void namesOneVersionOfEachImage(Release release) {
    assertThat(release.workloads())
        .extracting(it -> KubeObject.text(it.container(), "image"))
        .allMatch(it -> it.matches("[^@]+:[^/@:]+|[^@]+@sha256:[0-9a-f]{64}"))
        .noneMatch(it -> it.endsWith(":latest"))
        .noneMatch(it -> it.contains("provider-sim"));
  }

  @ParameterizedTest
  @MethodSource("releases")
  void probesEveryServerAndBoundsEveryContainer(Release release) {
    for (KubeObject workload : release.workloads()) {
      JsonElement container = workload.container();
      assertThat(KubeObject.texts(container, "resources.requests"))
          .as(workload.toString())
          .containsOnlyKeys("cpu", "memory");
      assertThat(KubeObject.texts(container, "resources.limits")).containsKey("memory");
      if (workload.kind().equals("Job")) {
        continue;
      }
      List<String> ports =
          KubeObject.list(container, "ports").stream()
              .map(it -> KubeObject.text(it, "name"))
              .toList();
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        assertThat(ports)
            .as(workload + " " + probe)
            .contains(KubeObject.text(container, probe + ".httpGet.port"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void namesOnlySecretsThatTheValuesName(Release release) throws Exception {
    // Given
    String values = Chart.load(release.values()).toString();

    // When
    Stream<String> named =
        release.objects().stream().flatMap(PodSecurityTest::secretsOf).distinct();

    // Then
    assertThat(named)
        .allSatisfy(it -> assertThat(values).containsPattern("[=\\[ ]" + it + "[,}\\]]"));
    assertThat(release.ofKind("Secret")).isEmpty();
  }

  private static Stream<String> secretsOf(KubeObject object) {
    Stream<String> references =
        Stream.concat(object.everywhere("secretKeyRef"), object.everywhere("secret"))
            .flatMap(it ->
                Stream.of(KubeObject.text(it, "name"), KubeObject.text(it, "secretName"))
                    .filter(name -> !name.isEmpty()));
    Stream<String> pulls =
        object
            .everywhere("imagePullSecrets")
            .flatMap(it -> it.getAsJsonArray().asList().stream())
            .map(it -> KubeObject.text(it, "name"));
    return Stream.concat(references, pulls);
  }
}
