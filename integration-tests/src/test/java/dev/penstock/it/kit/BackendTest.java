package dev.penstock.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.installation.SecretFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which servers the tests stand on. */
class BackendTest {

  @Test
  void isTheInstallationsOwnUnlessContainersAreAskedFor() {
    assertThat(Backend.chosen(null, () -> true)).isEqualTo(Backend.EMBEDDED);
    assertThat(Backend.chosen("embedded", () -> false)).isEqualTo(Backend.EMBEDDED);
    assertThat(Backend.chosen("containers", () -> true)).isEqualTo(Backend.CONTAINERS);
  }

  @Test
  void saysWhatItLacks() {
    assertThatThrownBy(() -> Backend.chosen("containers", () -> false))
        .hasMessageContaining("no Docker answers");
    assertThatThrownBy(() -> Backend.chosen("container", () -> true))
        .hasMessage("-Dbackend=container (expected: embedded or containers)");
  }

  @Test
  void runsContainersOnThePortsOfTheInstallationWithoutASecretOnTheCommandLine(
      @TempDir Path state) {
    // Given
    Installation installation = new Installation(Repository.root(), state);
    Ports ports = Ports.from(20_000);

    // When
    Containers containers = Containers.of(installation, ports);

    // Then
    SecretFiles secrets = new SecretFiles(installation);
    assertThat(containers.command("postgres"))
        .startsWith("sh", "-c")
        .contains(
            "penstock-it-" + ports.postgres() + "-postgres",
            "--publish=127.0.0.1:" + ports.postgres() + ":5432")
        .noneMatch(each -> each.contains(secrets.read(secrets.token("db-admin-password"))));
    assertThat(containers.command("keycloak"))
        .contains(
            "--publish=127.0.0.1:" + ports.sso() + ":8080",
            "--env=PENSTOCK_SSO_PASSWORD",
            "--hostname=http://127.0.0.1:" + ports.sso());
    assertThat(containers.hold("control-plane")).isFalse();
  }
}
