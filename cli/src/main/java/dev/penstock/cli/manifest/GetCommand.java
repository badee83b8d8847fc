package dev.penstock.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.AdminClient;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./penstock get KIND [NAME]}. */
@Command(
    name = "get",
    description = "Print resources as manifests.",
    mixinStandardHelpOptions = true)
public final class GetCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "For example tenants, budget, api-keys, nodes, rollouts.")
  String kind = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "One of them only.")
  @Nullable String name;

  @Option(
      names = {"-t", "--tenant"},
      paramLabel = "T",
      description = "Of this tenant; without it, of all.")
  @Nullable String tenant;

  @Option(names = "-o", paramLabel = "yaml|json|table", description = "The form (default: yaml).")
  String form = "yaml";

  @Override
  public Integer call() {
    Listing listing = Listing.parse(form);
    Kind wanted = Kind.parse(kind);
    AdminClient admin = AdminClient.locate();
    List<JsonNode> found = find(new Resources(admin), wanted);
    if (found.isEmpty() && name != null) {
      throw CommandFailure.failed("there is no %s %s.".formatted(kind, name));
    }
    spec.commandLine().getOut().print(listing.render(found));
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }

  private List<JsonNode> find(Resources resources, Kind wanted) {
    List<JsonNode> all = tenant == null ? resources.all(wanted) : resources.of(tenant, wanted);
    return name == null ? all : all.stream().filter(item -> Resources.isNamed(item, name)).toList();
  }
}
