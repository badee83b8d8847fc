package dev.penstock.cli.manifest;

import dev.penstock.cli.manifest.SecretValues.Literals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which manifests a command is about: {@code -f FILE…}. */
final class ManifestOptions {
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

  /** The manifests, with the values of their secrets. */
  List<Manifest> read(Map<String, String> environment) {
    SecretValues secrets =
        new SecretValues(environment, allowLiterals ? Literals.ALLOWED : Literals.REFUSED);
    List<Path> all = new ArrayList<>(files);
    all.addAll(further);
    return ManifestFiles.read(all).stream().map(secrets::resolve).toList();
  }
}
