package dev.penstock.cli.manifest;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.admin.AdminProblem;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./penstock delete KIND [-t TENANT] NAME}. */
@Command(
    name = "delete",
    description = "Delete a resource that nothing refers to; of an API key: revoke it.",
    mixinStandardHelpOptions = true)
public final class DeleteCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "KIND", description = "For example tenants, api-key.")
  String kind = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name.")
  String name = "";

  @Option(
      names = {"-t", "--tenant"},
      paramLabel = "TENANT",
      description = "Who owns it, of kinds that tenants own.")
  @Nullable String tenant;

  @Option(names = "--dry-run", description = "Print what that would mean, and do nothing.")
  boolean dryRun;

  @Override
  public Integer call() {
    String path = Kind.parse(kind).path(tenant, name);
    AdminClient admin = AdminClient.locate();
    PrintWriter out = spec.commandLine().getOut();
    try {
      out.print(dryRun ? plan(admin, path) : delete(admin, path));
      out.flush();
    } catch (AdminProblem problem) {
      throw CommandFailure.failed(explain(problem));
    }
    return ExitCode.DONE;
  }

  private PlanText plan(AdminClient admin, String path) {
    return admin
        .planDelete(path)
        .map(planned -> new PlanText(planned.plan()))
        .orElseThrow(this::missing);
  }

  private String delete(AdminClient admin, String path) {
    if (!admin.delete(path)) {
      throw missing();
    }
    return "deleted %s%n".formatted(path);
  }

  private CommandFailure missing() {
    return CommandFailure.failed("there is no %s %s.".formatted(kind, name));
  }

  private static String explain(AdminProblem problem) {
    StringBuilder text = new StringBuilder("nothing was deleted. ").append(problem.sentence());
    problem
        .faults()
        .forEach(
            fault -> text.append("\n  ").append(fault.field()).append(": ").append(fault.detail()));
    return text.toString();
  }
}
