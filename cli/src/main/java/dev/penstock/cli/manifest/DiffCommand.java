package dev.penstock.cli.manifest;

import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.admin.AdminClient.Others;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./penstock diff -f FILE…}: what {@code apply} would change, and nothing done. */
@Command(
    name = "diff",
    description = {
      "Print what apply would change, and what that means.",
      "Exit code 0: nothing, 2: something."
    },
    mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin ManifestOptions manifestOptions = new ManifestOptions();

  @Option(names = "--prune", description = "As apply --prune would do it.")
  boolean prune;

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    ManifestApply apply = new ManifestApply(AdminClient.locate());
    PlanText plan =
        new PlanText(
            apply
                .plan(manifestOptions.read(environment), prune ? Others.PRUNED : Others.KEPT)
                .plan());
    spec.commandLine().getOut().print(plan);
    spec.commandLine().getOut().flush();
    return plan.differences() == 0 ? ExitCode.DONE : ExitCode.DIFFERENCES;
  }
}
