package dev.penstock.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.manifest.SecretValues.Literals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretValuesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("KEY", "sk-provider\n", "EMPTY", " ", "OURS", "pens_dev_abc");

  @TempDir Path folder;

  private final SecretValues strict = new SecretValues(ENVIRONMENT, Literals.REFUSED);

  @Test
  void takesASecretFromTheEnvironment() {
    assertThat(strict.resolve(secret("{fromEnv: KEY}")).content().path("spec").toString())
        .isEqualTo("{\"regions\":[\"eu-west\"],\"value\":{\"literal\":\"sk-provider\"}}");
  }

  @Test
  void takesASecretFromAFileBesideTheManifest() throws Exception {
    Files.writeString(folder.resolve("key.txt"), "sk-from-file\n");

    assertThat(
            strict
                .resolve(secret("{fromFile: key.txt}"))
                .content()
                .at("/spec/value/literal")
                .asText())
        .isEqualTo("sk-from-file");
  }

  @Test
  void takesALiteralOnlyWhenItIsAllowed() {
    Manifest literal = secret("{literal: sk-in-the-file}");

    assertThatThrownBy(() -> strict.resolve(literal))
        .hasMessageContaining("--allow-literals")
        .hasMessageNotContaining("sk-in-the-file");
    assertThat(new SecretValues(ENVIRONMENT, Literals.ALLOWED).resolve(literal).content())
        .isEqualTo(literal.content());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{fromEnv: MISSING}          | the variable MISSING is not set",
        "{fromEnv: EMPTY}            | empty value",
        "{fromEnv: OURS}             | a Penstock key",
        "{fromFile: missing.txt}     | cannot read",
        "{fromVault: a/b}            | expected: one of fromEnv, fromFile, literal",
        "{fromEnv: KEY, literal: x}  | expected: one of fromEnv, fromFile, literal",
        "{}                          | expected: one of fromEnv, fromFile, literal",
        "KEY                         | expected: one of fromEnv, fromFile, literal",
      })
  void saysWhatIsWrongAndWhere(String value, String fault) {
    assertThatThrownBy(() -> strict.resolve(secret(value)))
        .hasMessageContaining("s.yaml, document 1 (Secret openai-eu): spec.value")
        .hasMessageContaining(fault)
        .hasMessageNotContaining("pens_dev_abc");
  }

  @Test
  void leavesASecretWithoutAValueAsItIs() {
    Manifest exported = manifest("kind: Secret\nmetadata: {name: s}\nspec: {regions: [eu-west]}\n");

    assertThat(strict.resolve(exported)).isSameAs(exported);
  }

  @Test
  void leavesOtherKindsAlone() {
    Manifest provider = manifest("kind: Provider\nspec: {value: {fromEnv: MISSING}}\n");

    assertThat(strict.resolve(provider)).isSameAs(provider);
  }

  private Manifest secret(String value) {
    return manifest(
        "kind: Secret\nmetadata: {tenant: acme, name: openai-eu}\nspec: {regions: [eu-west], value: %s}\n"
            .formatted(value));
  }

  private Manifest manifest(String text) {
    return ManifestFiles.documents(folder.resolve("s.yaml"), text).getFirst();
  }
}
