package dev.penstock.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.admin.AdminClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./penstock explain REQUEST_ID}. */
@Command(
    name = "explain",
    description = "Tell what happened to a request: who, what was decided and why, what it took.",
    mixinStandardHelpOptions = true)
public final class ExplainCommand implements Callable<Integer> {
  /** A node reports in batches, so the record of a request of this moment may be on its way. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(3);

  private static final long POLL_MILLIS = 200;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "REQUEST_ID",
      description = "The header x-penstock-request-id of the response.")
  String id = "";

  @Override
  public Integer call() throws InterruptedException {
    AdminClient admin = AdminClient.locate();
    spec.commandLine().getOut().print(Explanation.of(find(admin)));
    spec.commandLine().getOut().flush();
    return ExitCode.DONE;
  }

  private JsonNode find(AdminClient admin) throws InterruptedException {
    long deadline = System.nanoTime() + ON_ITS_WAY.toNanos();
    while (true) {
      Optional<JsonNode> found = admin.find("requests/" + AdminClient.encoded(id));
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > deadline) {
        throw CommandFailure.failed("no record of the request %s has arrived.".formatted(id));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }
}
