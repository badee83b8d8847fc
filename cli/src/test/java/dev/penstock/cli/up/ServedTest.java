package dev.penstock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.cli.process.ProcessSpec.Label;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServedTest {
  private static final Label CONTROL_PLANE =
      new Label("control-plane", "control-plane", null, URI.create("http://127.0.0.1:9080"), null);
  private static final Label SIMULATOR =
      new Label("provider-sim", "provider-sim", null, URI.create("http://127.0.0.1:8090"), null);
  private static final Label CONSOLE =
      new Label("console", "console", null, URI.create("http://127.0.0.1:7080"), null);

  private static final Label KEYCLOAK =
      new Label("keycloak", "keycloak", null, URI.create("http://127.0.0.1:8180"), null);

  @Test
  void namesWhatRuns() {
    Served served =
        new Served(
            List.of(
                SIMULATOR,
                node("eu-west-1", 8080),
                node("us-east-1", 8082),
                node("eu-west-2", 8084),
                CONTROL_PLANE,
                CONSOLE,
                KEYCLOAK));

    assertThat(served.variables("assistant", "pens_x", "token", "sim-key", Optional.of("pw")))
        .containsExactly(
            entry("PENSTOCK_ADMIN_URL", "http://127.0.0.1:9080"),
            entry("PENSTOCK_ADMIN_TOKEN", "token"),
            entry("PENSTOCK_GATEWAY_URL", "http://127.0.0.1:8080"),
            entry(
                "PENSTOCK_GATEWAY_URLS",
                "eu-west=http://127.0.0.1:8080,us-east=http://127.0.0.1:8082"),
            entry("PENSTOCK_MODEL", "assistant"),
            entry("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1"),
            entry("OPENAI_API_KEY", "pens_x"),
            entry("PENSTOCK_CONSOLE_URL", "http://127.0.0.1:7080"),
            entry("PENSTOCK_SIMULATOR_URL", "http://127.0.0.1:8090"),
            entry("PENSTOCK_SIMULATOR_KEY", "sim-key"),
            entry("PENSTOCK_OIDC_ISSUER", "http://127.0.0.1:8180/realms/penstock"),
            entry("PENSTOCK_CONSOLE_USER", "paula"),
            entry("PENSTOCK_CONSOLE_PASSWORD", "pw"));
  }

  @Test
  void isSilentAboutWhatDoesNotRun() {
    Served served = new Served(List.of(CONTROL_PLANE, node("eu-west-1", 8080)));

    assertThat(served.variables("assistant", "pens_x", "token", null, Optional.of("pw")))
        .doesNotContainKeys(
            "PENSTOCK_CONSOLE_URL",
            "PENSTOCK_SIMULATOR_URL",
            "PENSTOCK_SIMULATOR_KEY",
            "PENSTOCK_OIDC_ISSUER",
            "PENSTOCK_CONSOLE_USER",
            "PENSTOCK_CONSOLE_PASSWORD");
  }

  private static Label node(String name, int port) {
    return new Label(
        name, "data-plane", name.substring(0, 7), URI.create("http://127.0.0.1:" + port), null);
  }

  private static java.util.Map.Entry<String, String> entry(String name, String value) {
    return java.util.Map.entry(name, value);
  }
}
