package dev.penstock.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.admin.ScriptedAdmin;
import dev.penstock.cli.manifest.ManifestApply.Applied;
import dev.penstock.cli.manifest.ManifestApply.Change;
import dev.penstock.cli.manifest.ManifestApply.NewKey;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManifestApplyTest {
  private static final List<Manifest> TWO =
      ManifestFiles.documents(
          Path.of("company.yaml"),
          "kind: Tenant\nmetadata: {name: acme}\n---\nkind: ApiKey\nmetadata: {tenant: acme, name: app}\n");

  private final ScriptedAdmin admin = new ScriptedAdmin();

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void sendsAllOfThemAtOnceAndReadsWhatChanged() {
    admin.answers(
        "POST /api/v1/apply",
        200,
        """
        {"revision": 7,
         "changes": [{"kind":"Tenant","tenant":null,"name":"acme","action":"created"},
                     {"kind":"ApiKey","tenant":"acme","name":"app","action":"created"}],
         "keys": [{"tenant":"acme","name":"app","key":"pens_dev_secret"}]}\
        """);

    Applied applied = new ManifestApply(admin.client()).apply(TWO);

    assertThat(admin.bodies())
        .containsExactly(
            "{\"items\":[{\"kind\":\"Tenant\",\"metadata\":{\"name\":\"acme\"}},"
                + "{\"kind\":\"ApiKey\",\"metadata\":{\"tenant\":\"acme\",\"name\":\"app\"}}]}");
    assertThat(applied.revision()).isEqualTo("7");
    assertThat(applied.revisionLine()).isEqualTo("revision 7");
    assertThat(applied.changes())
        .containsExactly(
            new Change("Tenant", "", "acme", "created"),
            new Change("ApiKey", "acme", "app", "created"));
    assertThat(applied.keys()).containsExactly(new NewKey("acme", "app", "pens_dev_secret"));
    assertThat(applied.toString()).doesNotContain("pens_dev_secret");
  }

  @Test
  void namesTheDocumentThatWasWrong() {
    admin.answers(
        "POST /api/v1/apply",
        422,
        """
        {"title":"Invalid manifests","status":422,
         "errors":[{"field":"items[1].spec.models","detail":"no model gpt-9"},
                   {"field":"items[9]","detail":"?"},
                   {"field":"apiVersion","detail":"missing"}]}\
        """);

    assertThatThrownBy(() -> new ManifestApply(admin.client()).apply(TWO))
        .hasMessage(
            """
            nothing was changed. Invalid manifests
              company.yaml, document 2 (ApiKey app): spec.models: no model gpt-9
              items[9]: ?
              apiVersion: missing\
            """);
  }
}
