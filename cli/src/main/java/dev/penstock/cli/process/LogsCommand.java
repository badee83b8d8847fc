package dev.penstock.cli.process;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.installation.Installation;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ./penstock logs NAME [-f]}: what a process logged since {@code up}, also when it is down.
 */
@Command(
    name = "logs",
    description = "Show what a process logged.",
    mixinStandardHelpOptions = true)
public final class LogsCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 200;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "A name that ./penstock ps lists, or build.")
  String name = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until Ctrl-C.")
  boolean follow;

  @Override
  public Integer call() throws InterruptedException {
    Path path = Installation.locate(System.getenv()).log(name);
    if (!name.matches("[a-z0-9-]+") || !Files.exists(path)) {
      throw CommandFailure.usage(
          "there is no log of %s; ./penstock ps lists the names.".formatted(name));
    }
    PrintWriter out = spec.commandLine().getOut();
    LogFile log = new LogFile(path);
    long place = 0;
    do {
      place = log.length() < place ? 0 : place; // a new run began a new file
      byte[] news = log.read(place);
      place += news.length;
      out.print(new String(news, StandardCharsets.UTF_8));
      out.flush();
      if (follow) {
        Thread.sleep(POLL_MILLIS);
      }
    } while (follow && !out.checkError());
    return ExitCode.DONE;
  }
}
