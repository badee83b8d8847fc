package dev.penstock.cli.manifest;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.AdminClient;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./penstock rollback REVISION}: what it stated, stated again as a new revision. */
@Command(
    name = "rollback",
    description = {
      "State again what an earlier revision stated, as a new revision: all of it or nothing.",
      "Prints the plan first. Revoked keys, suspensions, secrets, members and money stay as they"
          + " are, and what stays is named."
    },
    mixinStandardHelpOptions = true)
public final class RollbackCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "REVISION",
      description = "Whose content is to be in force again; get revisions lists them.")
  long revision;

  @Option(names = "--dry-run", description = "Print what that would mean, and do nothing.")
  boolean dryRun;

  @Option(names = "--yes", description = "Delete without asking what was made since.")
  boolean yes;

  @Option(
      names = "--waves",
      description = "Let it reach the nodes in waves, as apply --waves does.")
  boolean waves;

  @Override
  public Integer call() {
    if (revision < 1) {
      throw CommandFailure.usage("REVISION is %d (expected: 1 or more).".formatted(revision));
    }
    AdminClient admin = AdminClient.locate();
    new RevisionRollback(waves ? admin.inWaves() : admin, revision).run(mode(), this::print);
    return ExitCode.DONE;
  }

  private RevisionRollback.Mode mode() {
    if (dryRun) {
      return RevisionRollback.Mode.PLAN;
    }
    return yes ? RevisionRollback.Mode.ALL : RevisionRollback.Mode.KEEP;
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
