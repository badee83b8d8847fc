package dev.penstock.cli.process;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.TextTable;
import dev.penstock.cli.installation.Installation;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./penstock ps}: the processes of the installation, and whether they run. */
@Command(
    name = "ps",
    description = "List the processes of the running installation.",
    mixinStandardHelpOptions = true)
public final class PsCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Installation installation = Installation.locate(System.getenv());
    List<ProcessEntry> entries = new ProcessTable(installation.processTable()).read();
    if (entries.isEmpty()) {
      throw CommandFailure.failed(
          "nothing runs from %s; start it with ./penstock up.".formatted(installation.state()));
    }
    spec.commandLine().getOut().print(render(entries));
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }

  static String render(List<ProcessEntry> entries) {
    TextTable table = new TextTable("NAME", "KIND", "REGION", "PID", "STATE", "ADDRESS");
    for (ProcessEntry entry : entries) {
      table.row(
          entry.name(),
          entry.kind(),
          orDash(entry.region()),
          orDash(entry.pid()),
          state(entry),
          orDash(entry.url()));
    }
    return table.toString();
  }

  /** The table is as old as its writer's last word, and a writer that was killed had none. */
  private static String state(ProcessEntry entry) {
    Long pid = entry.pid();
    return pid == null || ProcessHandle.of(pid).isPresent() ? entry.state() : "gone";
  }

  private static String orDash(@Nullable Object value) {
    return Objects.toString(value, "-");
  }
}
