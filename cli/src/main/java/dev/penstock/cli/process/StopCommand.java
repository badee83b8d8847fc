package dev.penstock.cli.process;

import dev.penstock.cli.ExitCode;
import dev.penstock.cli.installation.Installation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./penstock stop NAME}. */
@Command(
    name = "stop",
    description = "Ask a process to end (SIGTERM).",
    mixinStandardHelpOptions = true)
public final class StopCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "A name that ./penstock ps lists.")
  String name = "";

  @Override
  public Integer call() {
    String answer = ControlSocket.send(Installation.locate(System.getenv()), "stop", name);
    spec.commandLine().getOut().println(answer);
    return ExitCode.DONE;
  }
}
