package dev.penstock.cli;

import dev.penstock.cli.admin.AdminProblem;
import dev.penstock.cli.explain.ExplainCommand;
import dev.penstock.cli.manifest.ApplyCommand;
import dev.penstock.cli.manifest.DeleteCommand;
import dev.penstock.cli.manifest.DiffCommand;
import dev.penstock.cli.manifest.ExportCommand;
import dev.penstock.cli.manifest.GetCommand;
import dev.penstock.cli.manifest.RollbackCommand;
import dev.penstock.cli.process.KillCommand;
import dev.penstock.cli.process.LogsCommand;
import dev.penstock.cli.process.PsCommand;
import dev.penstock.cli.process.StartCommand;
import dev.penstock.cli.process.StopCommand;
import dev.penstock.cli.spend.SpendCommand;
import dev.penstock.cli.up.UpCommand;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Main class: the list of commands, and how a failure becomes a line and an exit code. */
@Command(
    name = "penstock",
    description = "One governed way in for every LLM call of a company.",
    mixinStandardHelpOptions = true,
    version = "penstock 0.1.0",
    subcommands = {
      UpCommand.class,
      PsCommand.class,
      StartCommand.class,
      StopCommand.class,
      KillCommand.class,
      LogsCommand.class,
      ApplyCommand.class,
      DiffCommand.class,
      GetCommand.class,
      ExportCommand.class,
      DeleteCommand.class,
      RollbackCommand.class,
      ExplainCommand.class,
      SpendCommand.class
    },
    footer = {
      "",
      "The script ./penstock itself also has:",
      "  test   Run the whole test suite with all checks.",
      "  mvn    Run Maven under the right JDK.",
      "  bench  Measure against direct, nginx and a bare pipe; --json FILE.",
      "  simulate  Try out whether budgets hold; --seeds N, --seed-start S, --json FILE."
    })
public final class Penstock {
  private Penstock() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine penstock = new CommandLine(new Penstock());
    NotBuiltYet.NAMES.forEach(name -> penstock.addSubcommand(name, new NotBuiltYet()));
    penstock.setParameterExceptionHandler(Penstock::onWrongUsage);
    penstock.setExecutionExceptionHandler(Penstock::onFailure);
    return penstock;
  }

  private static int onWrongUsage(ParameterException failure, String[] arguments) {
    PrintWriter err = failure.getCommandLine().getErr();
    err.println("penstock: " + failure.getMessage());
    err.println("See ./penstock --help.");
    return ExitCode.USAGE;
  }

  private static int onFailure(Exception failure, CommandLine command, ParseResult arguments) {
    PrintWriter err = command.getErr();
    if (failure instanceof CommandFailure known) {
      err.println("penstock: " + known.getMessage());
      return known.exitCode();
    }
    if (failure instanceof AdminProblem refused) {
      err.println("penstock: " + refused.sentence());
      return ExitCode.FAILED;
    }
    err.println("penstock: unexpected " + failure);
    Arrays.stream(failure.getStackTrace())
        .limit(12)
        .forEach(frame -> err.println("    at " + frame));
    return ExitCode.FAILED;
  }
}
