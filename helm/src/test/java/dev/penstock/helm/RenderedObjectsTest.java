package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RenderedObjectsTest {

  private static final Pattern DECLARED =
      Pattern.compile("(?m)^apiVersion: (\\S+)\\nkind: (\\S+)$");

  static Stream<Release> releases() {
    return Chart.variants().stream().map(Chart::render);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void isKnownToTheKubernetesApi(Release release) {
    assertThat(release.objects()).isNotEmpty();
    assertThat(release.objects())
        .allSatisfy(it -> assertThatCode(() -> KubeModels.judge(it)).doesNotThrowAnyException());
  }

  @Test
  void judgesUnknownFieldsMissingFieldsAndUnknownKinds() {
    KubeObject misspelt =
        object("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {portz: []}}");
    KubeObject incomplete = object("{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 1}}");
    KubeObject mistyped =
        object("{apiVersion: v1, kind: Service, spec: {publishNotReadyAddresses: [1]}}");
    KubeObject unknown = object("{apiVersion: v1, kind: Pod, metadata: {name: a}}");

    assertThatThrownBy(() -> KubeModels.judge(misspelt)).hasMessageContaining("portz");
    assertThatThrownBy(() -> KubeModels.judge(incomplete)).hasMessageContaining("template");
    assertThatThrownBy(() -> KubeModels.judge(mistyped)).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> KubeModels.judge(unknown)).hasMessageContaining("no model for v1/Pod");
  }

  /** Else a template that no variant switches on would never be judged. */
  @Test
  void everyKindThatATemplateDeclaresIsRenderedBySomeVariant() throws IOException {
    // Given
    Set<String> declared = new TreeSet<>();
    try (Stream<Path> templates = Files.list(Chart.HOME.resolve("templates"))) {
      for (Path template : templates.filter(it -> it.toString().endsWith(".yaml")).toList()) {
        String text = Files.readString(template).replaceAll("(?m)^ *#.*\\n", "");
        Set<String> here =
            DECLARED
                .matcher(text)
                .results()
                .map(it -> it.group(1) + "/" + it.group(2))
                .collect(Collectors.toSet());
        assertThat(here).as(template.toString()).isNotEmpty();
        declared.addAll(here);
      }
    }

    // When
    Set<String> rendered =
        releases()
            .flatMap(it -> it.objects().stream())
            .map(KubeObject::type)
            .collect(Collectors.toCollection(TreeSet::new));

    // Then
    assertThat(rendered).isEqualTo(declared);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void namesEveryObjectOnceAndShortEnough(Release release) {
    List<String> names = release.objects().stream().map(KubeObject::toString).toList();

    assertThat(names).doesNotHaveDuplicates();
    // 52: a StatefulSet's pods carry its name, a dash and a hash of ten in one label of 63.
    assertThat(release.objects()).allSatisfy(it -> assertThat(it.name()).hasSizeLessThan(53));
  }

  /** The API takes text only, the models' parser takes numbers and truths for text. */
  @ParameterizedTest
  @MethodSource("releases")
  void writesTextAsText(Release release) {
    for (KubeObject object : release.objects()) {
      Stream<JsonElement> maps =
          Stream.of("labels", "annotations", "matchLabels", "nodeSelector", "volumeAttributes")
              .flatMap(object::everywhere)
              .flatMap(it -> it.getAsJsonObject().asMap().values().stream());
      Stream<JsonElement> values =
          object.runsPods()
              ? KubeObject.list(object.container(), "env").stream()
                  .map(it -> KubeObject.at(it, "value"))
                  .filter(JsonElement::isJsonPrimitive)
              : Stream.empty();

      assertThat(Stream.concat(maps, values))
          .as(object.toString())
          .allSatisfy(it -> assertThat(it.getAsJsonPrimitive().isString()).isTrue());
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void labelsEveryObject(Release release) {
    assertThat(release.objects())
        .allSatisfy(it ->
            assertThat(it.texts("metadata.labels"))
                .containsEntry("app.kubernetes.io/name", "penstock")
                .containsEntry("app.kubernetes.io/instance", "penstock")
                .containsEntry("app.kubernetes.io/part-of", "penstock")
                .containsKeys(
                    "app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart"));
  }

  private static KubeObject object(String yaml) {
    return KubeObject.parse(yaml).getFirst();
  }
}
