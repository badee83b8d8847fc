package dev.penstock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.manifest.Manifest;
import dev.penstock.cli.up.StackOptions.Upstream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the repository's own quickstart. */
class QuickstartTest {
  @TempDir Path state;

  @Test
  void pointsItsProvidersAtTheSimulator() {
    List<Manifest> manifests = new Quickstart(options().withPorts(Ports.from(21_000))).manifests();

    assertThat(specs(manifests, "Provider", "/baseUrl"))
        .containsExactly(
            "http://127.0.0.1:21003/v1",
            "http://127.0.0.1:21003/v1",
            "http://127.0.0.1:21003",
            "http://127.0.0.1:21003/mistral");
    assertThat(specs(manifests, "Secret", "/value/literal")).doesNotContain("").hasSize(4);
  }

  @Test
  void ignoresProviderKeysOfTheEnvironment() {
    StackOptions options = options().withEnvironment(Map.of("OPENAI_API_KEY", "sk-real"));

    assertThat(new Quickstart(options).manifests().toString()).doesNotContain("sk-real");
  }

  @Test
  void laysTheRealProviderOverTheSimulatorsPartAsOpenAi() {
    StackOptions options =
        options()
            .withPorts(Ports.from(21_000))
            .withUpstream(Upstream.REAL_OPENAI)
            .withEnvironment(Map.of("OPENAI_API_KEY", "sk-real"));

    List<Manifest> manifests = new Quickstart(options).manifests();

    assertThat(specs(manifests, "Provider", "/baseUrl"))
        .containsExactly(
            "https://api.openai.com/v1",
            "https://api.openai.com/v1",
            "http://127.0.0.1:21003",
            "http://127.0.0.1:21003/mistral");
    assertThat(specs(manifests, "Secret", "/value/literal"))
        .filteredOn(key -> key.equals("sk-real"))
        .hasSize(2);
    assertThat(specs(manifests, "Model", "/deployments/0/upstreamModel"))
        .filteredOn(name -> name.startsWith("sim-"))
        .hasSize(2);
    assertThat(manifests).hasSameSizeAs(new Quickstart(options()).manifests());
  }

  @Test
  void refusesAPenstockKeyAsTheProvidersKey() {
    StackOptions options =
        options()
            .withUpstream(Upstream.REAL_OPENAI)
            .withEnvironment(Map.of("OPENAI_API_KEY", "pens_dev_x"));

    assertThatThrownBy(() -> new Quickstart(options).manifests())
        .hasMessageContaining("a Penstock key, which no provider may see");
  }

  private StackOptions options() {
    return StackOptions.standard(new Installation(Path.of(".."), state));
  }

  private static List<String> specs(List<Manifest> manifests, String kind, String pointer) {
    return manifests.stream()
        .filter(manifest -> manifest.kind().equals(kind))
        .map(manifest -> manifest.content().path("spec").at(pointer).asText())
        .toList();
  }
}
