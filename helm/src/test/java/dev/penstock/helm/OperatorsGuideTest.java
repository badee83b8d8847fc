package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operators' page says what is true: its commands render, its values and links exist. */
class OperatorsGuideTest {

  private static final Path ROOT = Path.of("..");
  private static final String GUIDE = "docs/operators/kubernetes.md";
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
  private static final Pattern VALUE =
      Pattern.compile("`((?:controlPlane|dataPlane|migrations)(?:\\.[a-zA-Z]+)+)");

  static List<String> commands() throws IOException {
    return read(GUIDE).lines().filter(it -> it.startsWith("helm ")).toList();
  }

  @Test
  void showsHowToInstallBothPlanesTogetherAndApartAndWithEnrolment() throws IOException {
    assertThat(commands()).hasSize(4);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandRendersObjectsThatKubernetesKnows(String command, @TempDir Path scratch)
      throws Exception {
    // Given
    Path publicKey = Files.writeString(scratch.resolve("snapshot.pub"), publicKeyPem());

    // When
    Release release = run(command, publicKey);

    // Then
    assertThat(release.workloads()).isNotEmpty();
    for (KubeObject object : release.objects()) {
      KubeModels.judge(object);
    }
  }

  @Test
  void namesValuesThatExist() throws IOException {
    // Given
    JsonElement values = new Gson().toJsonTree(Chart.load(Chart.HOME.resolve("values.yaml")));

    // When
    List<String> named =
        VALUE.matcher(read(GUIDE)).results().map(it -> it.group(1)).distinct().toList();

    // Then
    assertThat(named)
        .isNotEmpty()
        .allSatisfy(it -> assertThat(KubeObject.at(values, it).isJsonNull()).as(it).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {GUIDE, "docs/decisions/3-kubernetes-nodes.md", "helm/README.md"})
  void linksToFilesThatExist(String page) throws IOException {
    Path file = ROOT.resolve(page);

    Stream<String> links = LINK.matcher(read(page)).results().map(it -> it.group(1));

    assertThat(links).allSatisfy(it -> assertThat(file.resolveSibling(it)).exists());
  }

  @Test
  void tellsWhatComesNextAndWarnsOfAnUncheckedDatabase() {
    assertThat(notes("minimal"))
        .contains("port-forward service/penstock-control-plane 9080", "Secret admin", "Region eu:")
        .doesNotContain("WARNING");
    assertThat(notes("control-plane-only")).contains("WARNING", "sslmode=verify-full");
    assertThat(notes("region")).contains("Region ap-southeast-2").doesNotContain("Admin API");
  }

  private static String notes(String variant) {
    String output =
        new Helm(Chart.HOME)
            .install()
            .withName("penstock")
            .withNamespace("llm")
            .withKubeVersion(Chart.OLDEST_KUBERNETES)
            .withValuesFile(Chart.variant(variant))
            .clientOnly()
            .dryRun()
            .debug()
            .call()
            .getOutput();
    return output.substring(output.indexOf("\nNOTES:"));
  }

  /** {@code helm upgrade --install NAME CHART} with options that all take one value. */
  private static Release run(String command, Path publicKey) {
    Deque<String> words = new ArrayDeque<>(List.of(command.split(" ")));
    assertThat(Stream.generate(words::pop).limit(3))
        .containsExactly("helm", "upgrade", "--install");
    String name = words.pop();
    TemplateCommand template =
        new Helm(ROOT.resolve(words.pop()))
            .template()
            .withName(name)
            .withKubeVersion(Chart.OLDEST_KUBERNETES);
    Path values = Chart.HOME;
    while (!words.isEmpty()) {
      String option = words.pop();
      String value = words.pop();
      String[] pair = value.split("=", 2);
      switch (option) {
        case "--namespace" -> template.withNamespace(value);
        case "--values" -> {
          values = ROOT.resolve(value);
          template.withValuesFile(values);
        }
        case "--set" -> template.set(pair[0], pair[1]);
        case "--set-file" -> template.setFile(pair[0], publicKey);
        default -> throw new AssertionError(option + ": not an option this test knows");
      }
    }
    return Chart.render(template, values);
  }

  /** As {@code openssl pkey -pubout} writes it. */
  private static String publicKeyPem() throws Exception {
    byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
    return "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
  }

  private static String read(String page) throws IOException {
    return Files.readString(ROOT.resolve(page));
  }
}
