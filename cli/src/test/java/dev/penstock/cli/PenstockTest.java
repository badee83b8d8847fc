package dev.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PenstockTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"simulate --seeds 10 --json out.json", "replay 1", "audit verify"})
  void saysThatACommandIsNotBuiltYet(String line) {
    assertThat(run(line)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("this build does not have `" + line.split(" ")[0] + "` yet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate",
        "up --port-base 80",
        "up --nodes eu-west",
        "up --real mistral",
        "get",
        "get dragons",
        "get tenants -o xml",
        "apply",
        "diff",
        "delete",
        "delete dragons smaug",
        "delete nodes eu-west-1",
        "delete budgets month",
        "delete tenants -t acme acme-health",
        "export -o xml",
        "rollback",
        "rollback yesterday",
        "rollback 0",
        "explain",
        "spend -o xml",
        "spend --where tenant"
      })
  void answersWrongUsageWithItsOwnCode(String line) {
    assertThat(run(line)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .startsWith("penstock: ")
        .hasLineCount(err.toString().contains("--help") ? 2 : 1);
  }

  @Test
  void listsItsCommands() {
    assertThat(run("--help")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("up ", "ps ", "apply ", "rollback ", "explain ", "bench ");
  }

  private int run(String line) {
    CommandLine penstock = Penstock.commandLine();
    penstock.setErr(new PrintWriter(err, true));
    penstock.setOut(new PrintWriter(out, true));
    return penstock.execute(line.split(" "));
  }
}
