package dev.penstock.cli.manifest;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.admin.AdminClient.Others;
import dev.penstock.cli.admin.AdminClient.Planned;
import dev.penstock.cli.manifest.ManifestApply.Applied;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./penstock apply -f FILE…}: one transaction, one revision, repeatable. */
@Command(
    name = "apply",
    description = "Apply manifests: all of them or, when one is wrong, none.",
    mixinStandardHelpOptions = true)
public final class ApplyCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin ManifestOptions manifestOptions = new ManifestOptions();

  @Option(
      names = "--prune",
      description =
          "Also delete what the manifests cover and do not hold: of every kind of the platform and"
              + " of every tenant that occurs in them. The plan is printed first.")
  boolean prune;

  @Option(names = "--yes", description = "With --prune: delete without asking.")
  boolean yes;

  @Option(
      names = "--waves",
      description =
          "Let it reach the nodes in waves: one of each region, a quarter, all; it stops where a"
              + " node refuses it or requests fare worse.")
  boolean waves;

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    List<Manifest> manifests = manifestOptions.read(environment);
    AdminClient admin = AdminClient.locate();
    ManifestApply apply = new ManifestApply(waves ? admin.inWaves() : admin);
    print(prune ? prune(apply, manifests) : apply.apply(manifests));
    return ExitCode.DONE;
  }

  private Applied prune(ManifestApply apply, List<Manifest> manifests) {
    Planned planned = apply.plan(manifests, Others.PRUNED);
    PlanText plan = new PlanText(planned.plan());
    spec.commandLine().getOut().print(plan);
    spec.commandLine().getOut().flush();
    if (plan.deletions() > 0 && !yes) {
      throw CommandFailure.failed(
          "%d would be deleted; nothing was changed. Say --yes if that is meant."
              .formatted(plan.deletions()));
    }
    return apply.apply(manifests, Others.PRUNED, planned);
  }

  private void print(Applied applied) {
    PrintWriter out = spec.commandLine().getOut();
    for (ManifestApply.Change change : applied.changes()) {
      out.println(change.line());
    }
    for (ManifestApply.NewKey key : applied.keys()) {
      out.printf("key of %s/%s, shown this once: %s%n", key.tenant(), key.name(), key.key());
    }
    out.println(applied.revisionLine());
    out.flush();
  }
}
