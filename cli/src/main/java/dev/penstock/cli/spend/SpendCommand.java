package dev.penstock.cli.spend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.AdminClient;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./penstock spend}. */
@Command(
    name = "spend",
    description = "Add up requests, tokens, cost and times to the first token.",
    mixinStandardHelpOptions = true)
public final class SpendCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--group-by",
      paramLabel = "LABEL",
      split = ",",
      description =
          "Some of tenant, apiKey, subject, model, provider, region and one tag as tags.NAME.")
  List<String> groupBy = List.of();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "RFC 3339 (default: 30 days before --to).")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "RFC 3339 (default: now).")
  @Nullable String to;

  @Option(
      names = "--step",
      paramLabel = "5m|hour|day",
      description = "A row for each (default: one for all).")
  @Nullable String step;

  @Option(
      names = "--under",
      paramLabel = "T",
      description = "Only what this tenant and those below it used.")
  @Nullable String under;

  @Option(
      names = "--where",
      paramLabel = "LABEL=VALUE",
      description = "Only such requests; several times for several values or labels.")
  List<String> where = List.of();

  @Option(names = "--sort", paramLabel = "FIELD", description = "For example -costNanoUsd.")
  @Nullable String sort;

  @Option(names = "-o", paramLabel = "table|json|csv", description = "The form (default: table).")
  String form = "table";

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String path = "spend" + query();
    switch (form) {
      case "table" -> out.print(new SpendReport(groupBy, AdminClient.locate().list(path)));
      case "json" -> {
        for (JsonNode row : AdminClient.locate().list(path)) {
          out.println(row);
        }
      }
      case "csv" -> AdminClient.locate().copy(path, "text/csv", out);
      default -> throw CommandFailure.usage("-o: expected table, json or csv.");
    }
    out.flush();
    return ExitCode.DONE;
  }

  /** The parameters of the API, as the options say. */
  String query() {
    List<String> parameters = new ArrayList<>();
    add(parameters, "groupBy", groupBy.isEmpty() ? null : String.join(",", groupBy));
    add(parameters, "from", from);
    add(parameters, "to", to);
    add(parameters, "step", step);
    add(parameters, "under", under);
    add(parameters, "sort", sort);
    for (String condition : where) {
      String[] parts = condition.split("=", 2);
      if (parts.length != 2) {
        throw CommandFailure.usage("--where %s: expected LABEL=VALUE.".formatted(condition));
      }
      add(parameters, AdminClient.encoded(parts[0]), parts[1]);
    }
    return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
  }

  private static void add(List<String> parameters, String name, @Nullable String value) {
    if (value != null) {
      parameters.add(name + "=" + AdminClient.encoded(value));
    }
  }
}
