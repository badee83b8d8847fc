package dev.penstock.helm;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart in {@code helm/penstock} and the variants in its {@code ci} folder. */
final class Chart {

  static final Path HOME = Path.of("penstock");

  /** The oldest Kubernetes that Chart.yaml accepts. */
  static final String OLDEST_KUBERNETES = "1.30.0";

  /**
   * Helm leaves hooks out of what it renders, so tests look at a copy in which they are ordinary
   * objects, told apart by this annotation.
   */
  static final String HOOK = "unhooked.test/hook";

  private static final Path UNHOOKED = unhook(Path.of("target", "unhooked", "penstock"));

  private Chart() {}

  /** The values file of every variant that is tested; each is also an example for operators. */
  static List<Path> variants() {
    try (Stream<Path> files = Files.list(HOME.resolve("ci"))) {
      return files.filter(file -> file.toString().endsWith("-values.yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path variant(String name) {
    return HOME.resolve("ci").resolve(name + "-values.yaml");
  }

  static Release render(Path values) {
    return render(command(values), values);
  }

  static Release render(TemplateCommand command, Path values) {
    return new Release(values, KubeObject.parse(command.call()));
  }

  static TemplateCommand command(Path values) {
    return bareCommand().withValuesFile(values);
  }

  /** With no values but the chart's own. */
  static TemplateCommand bareCommand() {
    return commandFor(UNHOOKED);
  }

  /** What Helm itself takes for objects of the release, that is without its hooks. */
  static Release renderWithoutHooks(Path values) {
    return render(commandFor(HOME).withValuesFile(values), values);
  }

  private static TemplateCommand commandFor(Path chart) {
    return new Helm(chart)
        .template()
        .withName("penstock")
        .withNamespace("llm")
        .withKubeVersion(OLDEST_KUBERNETES);
  }

  /**
   * Lint takes no values file, so it looks at a copy of the chart whose own values are the
   * variant's laid over the defaults, as an installation would see them.
   */
  static LintResult lint(Path values, Path scratch) throws IOException {
    Path copy = copyTo(scratch.resolve("penstock"));
    Map<String, Object> merged = load(HOME.resolve("values.yaml"));
    overlay(merged, load(values));
    Files.writeString(copy.resolve("values.yaml"), new Yaml().dump(merged));
    return new Helm(copy).lint().strict().call();
  }

  /** A variant with changes laid over it, as a second values file would be. */
  static Path changed(Path values, String changes, Path scratch) throws IOException {
    Map<String, Object> merged = load(values);
    overlay(merged, parse(changes));
    return Files.writeString(scratch.resolve("changed-values.yaml"), new Yaml().dump(merged));
  }

  static Map<String, Object> load(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  private static Map<String, Object> parse(String yaml) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
  }

  private static Path unhook(Path target) {
    try {
      Path job = copyTo(target).resolve("templates/migrations-job.yaml");
      Files.writeString(job, Files.readString(job).replace("helm.sh/hook", HOOK));
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copyTo(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(HOME)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(HOME.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return target;
  }

  @SuppressWarnings("unchecked")
  private static void overlay(Map<String, Object> base, Map<String, Object> over) {
    over.forEach((key, value) -> {
      if (value instanceof Map<?, ?> map && base.get(key) instanceof Map<?, ?> below) {
        Map<String, Object> merged = new LinkedHashMap<>((Map<String, Object>) below);
        overlay(merged, (Map<String, Object>) map);
        base.put(key, merged);
        return;
      }
      base.put(key, value);
    });
  }
}
