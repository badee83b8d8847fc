package dev.penstock.cli.manifest;

import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.manifest.ManifestApply.Applied;
import dev.penstock.cli.manifest.SecretValues.Literals;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./penstock apply -f FILE…}: one transaction, one revision, repeatable. */
@Command(
    name = "apply",
    description = "Apply manifests: all of them or, when one is wrong, none.",
    mixinStandardHelpOptions = true)
public final class ApplyCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-f", "--file"},
      arity = "1..*",
      required = true,
      paramLabel = "FILE",
      description = "YAML files, or folders of them.")
  List<Path> files = new ArrayList<>();

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Further files.")
  List<Path> further = new ArrayList<>();

  @Option(
      names = "--allow-literals",
      description = "Accept secrets that stand readable in a manifest.")
  boolean allowLiterals;

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    SecretValues secrets =
        new SecretValues(environment, allowLiterals ? Literals.ALLOWED : Literals.REFUSED);
    List<Path> all = new ArrayList<>(files);
    all.addAll(further);
    List<Manifest> manifests = ManifestFiles.read(all).stream().map(secrets::resolve).toList();
    AdminClient admin = AdminClient.locate(Installation.locate(environment), environment);
    print(new ManifestApply(admin).apply(manifests));
    return ExitCode.DONE;
  }

  private void print(Applied applied) {
    PrintWriter out = spec.commandLine().getOut();
    for (ManifestApply.Change change : applied.changes()) {
      String name =
          change.tenant().isEmpty() ? change.name() : change.tenant() + "/" + change.name();
      out.printf("%-9s %s %s%n", change.action(), change.kind(), name);
    }
    for (ManifestApply.NewKey key : applied.keys()) {
      out.printf("key of %s/%s, shown this once: %s%n", key.tenant(), key.name(), key.key());
    }
    out.printf("revision %s%n", applied.revision());
    out.flush();
  }
}
