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
import picocli.CommandLine.Spec;

/** {@code ./penstock export [-t TENANT]}: what {@code apply} takes again. */
@Command(
    name = "export",
    description = {
      "Print all that is stated as manifests that apply takes again.",
      "Secrets come without their values and API keys without the keys: applied again, both stay."
    },
    mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-t", "--tenant"},
      paramLabel = "TENANT",
      description = "This tenant, those below it and what they own; without it, everything.")
  @Nullable String tenant;

  @Option(names = "-o", paramLabel = "yaml|json|table", description = "The form (default: yaml).")
  String form = "yaml";

  @Override
  public Integer call() {
    Listing listing = Listing.parse(form);
    AdminClient admin = AdminClient.locate();
    Export export = new Export(new Resources(admin));
    List<JsonNode> found = tenant == null ? export.all() : export.subtree(tenant);
    if (found.isEmpty() && tenant != null) {
      throw CommandFailure.failed("there is no tenant %s.".formatted(tenant));
    }
    spec.commandLine().getOut().print(listing.render(found));
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }
}
