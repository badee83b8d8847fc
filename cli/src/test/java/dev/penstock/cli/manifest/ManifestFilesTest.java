package dev.penstock.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {
  @TempDir Path folder;

  @Test
  void readsEveryDocumentOfEveryFileInOrder() throws Exception {
    Files.writeString(folder.resolve("2.yaml"), "kind: Tenant\nmetadata: {name: acme}\n");
    Files.writeString(
        folder.resolve("1.yaml"), "# first\n---\nkind: Region\nmetadata: {name: eu-west}\n---\n");
    Files.writeString(folder.resolve("notes.txt"), "not a manifest");

    assertThat(ManifestFiles.read(List.of(folder)))
        .extracting(Manifest::identity)
        .containsExactly("Region//eu-west", "Tenant//acme");
  }

  @Test
  void keepsTextThatLooksLikeANumberOrADateAsText() {
    List<Manifest> manifests =
        ManifestFiles.documents(
            Path.of("a.yaml"),
            "spec: {amount: \"5000.00\", code: \"4411\", from: 2026-01-01T00:00:00Z}");

    assertThat(manifests.getFirst().content().path("spec").toString())
        .isEqualTo("{\"amount\":\"5000.00\",\"code\":\"4411\",\"from\":\"2026-01-01T00:00:00Z\"}");
  }

  @Test
  void namesThePlaceOfAFaultButNotTheTextAroundIt() {
    assertThatThrownBy(
            () -> ManifestFiles.documents(Path.of("a.yaml"), "spec:\n  literal: sk-secret\n bad"))
        .hasMessageContaining("a.yaml, line 3")
        .hasMessageNotContaining("sk-secret");
  }

  @Test
  void refusesAFieldThatIsGivenTwice() {
    assertThatThrownBy(() -> ManifestFiles.documents(Path.of("a.yaml"), "kind: A\nkind: B\n"))
        .hasMessageContaining("a.yaml");
  }

  @Test
  void refusesADocumentThatIsNoManifest() {
    assertThatThrownBy(() -> ManifestFiles.documents(Path.of("a.yaml"), "kind: A\n---\n- 1\n"))
        .hasMessageContaining("a.yaml, document 2 is no manifest");
  }

  @Test
  void saysWhichFileItCannotRead() {
    assertThatThrownBy(() -> ManifestFiles.read(List.of(Path.of("missing.yaml"))))
        .hasMessageContaining("missing.yaml");
  }
}
