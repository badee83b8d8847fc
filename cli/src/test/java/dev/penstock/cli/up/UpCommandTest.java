package dev.penstock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.installation.NodePlan;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.up.StackOptions.Console;
import dev.penstock.cli.up.StackOptions.Data;
import dev.penstock.cli.up.StackOptions.Sso;
import dev.penstock.cli.up.StackOptions.Upstream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class UpCommandTest {

  @Test
  void startsTheQuickstartWithoutOptions() {
    StackOptions options = options(Map.of());

    assertThat(options.ports()).isEqualTo(Ports.standard());
    assertThat(options.nodes()).isEqualTo(NodePlan.oneInEachOfTwoRegions());
    assertThat(options.data()).isEqualTo(Data.KEPT);
    assertThat(options.upstream()).isEqualTo(Upstream.SIMULATOR);
    assertThat(options.console()).isEqualTo(Console.STARTED);
    assertThat(options.sso()).isEqualTo(Sso.STARTED);
  }

  @Test
  void takesEveryOption() {
    StackOptions options =
        options(
            Map.of("OPENAI_API_KEY", "sk-real"),
            "--fresh",
            "--no-sso",
            "--nodes",
            "eu-west=2",
            "--port-base",
            "21000",
            "--real",
            "openai");

    assertThat(options.ports()).isEqualTo(Ports.from(21_000));
    assertThat(options.nodes()).isEqualTo(NodePlan.parse("eu-west=2"));
    assertThat(options.data()).isEqualTo(Data.WIPED);
    assertThat(options.upstream()).isEqualTo(Upstream.REAL_OPENAI);
    assertThat(options.sso()).isEqualTo(Sso.LEFT_OUT);
  }

  @Test
  void keepsItsStateWhereTheEnvironmentSays() {
    StackOptions options =
        options(Map.of("PENSTOCK_ROOT", "/src/penstock", "PENSTOCK_STATE_DIR", "/var/penstock"));

    assertThat(options.installation().state()).hasToString("/var/penstock");
    assertThat(options.installation().quickstart()).hasToString("/src/penstock/quickstart");
  }

  @Test
  void wantsTheKeyOfARealProvider() {
    assertThatThrownBy(() -> options(Map.of(), "--real", "openai"))
        .hasMessageContaining("OPENAI_API_KEY, which is not set");
  }

  private static StackOptions options(Map<String, String> environment, String... arguments) {
    UpCommand command = new UpCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.options(environment);
  }
}
