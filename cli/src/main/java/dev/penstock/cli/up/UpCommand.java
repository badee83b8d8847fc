package dev.penstock.cli.up;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.NodePlan;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.process.Death;
import dev.penstock.cli.up.StackOptions.Data;
import dev.penstock.cli.up.StackOptions.Sso;
import dev.penstock.cli.up.StackOptions.Upstream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./penstock up}: starts everything, tells where it is, and stays until Ctrl-C. */
@Command(
    name = "up",
    description = "Start a whole installation on this machine; Ctrl-C stops all of it.",
    mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--fresh", description = "Start from an empty database.")
  boolean fresh;

  @Option(
      names = "--nodes",
      paramLabel = "REGION=N,…",
      description = "Data-plane nodes (default: eu-west=1,us-east=1).")
  @Nullable String nodes;

  @Option(
      names = "--real",
      paramLabel = "openai",
      description = "Put the real provider in the simulator's place; takes OPENAI_API_KEY.")
  @Nullable String real;

  @Option(
      names = "--no-sso",
      description = "Without single sign-on (Keycloak); the console lets nobody in then.")
  boolean noSso;

  @Option(
      names = "--port-base",
      paramLabel = "N",
      description = "Use the ports from N on instead of the standard ones.")
  @Nullable Integer portBase;

  private final long began = System.nanoTime();
  private volatile boolean failed;

  @Override
  public Integer call() throws InterruptedException {
    StackOptions options = options(System.getenv());
    Stack stack = new Stack(options, new Terminal());
    CountDownLatch ending = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stack, ending), "stop everything"));
    try {
      stack.start();
    } catch (RuntimeException e) {
      if (ending.getCount() == 0) {
        new CountDownLatch(1).await(); // Ctrl-C while starting: the hook ends this process
      }
      failed = true;
      throw e;
    }
    say(new Welcome(stack.environment(), options.sso()).text());
    stack
        .startSso()
        .thenAccept(served -> {
          if (served) {
            say(new Welcome(stack.environment(), options.sso()).consoleText());
          }
        });
    new CountDownLatch(1).await(); // until a signal
    return ExitCode.DONE;
  }

  StackOptions options(Map<String, String> environment) {
    StackOptions options =
        StackOptions.standard(Installation.locate(environment)).withEnvironment(environment);
    if (fresh) {
      options = options.withData(Data.WIPED);
    }
    if (nodes != null) {
      options = options.withNodes(NodePlan.parse(nodes));
    }
    if (real != null) {
      options = options.withUpstream(upstream(real, environment));
    }
    if (noSso) {
      options = options.withSso(Sso.LEFT_OUT);
    }
    if (portBase != null) {
      options = options.withPorts(Ports.from(portBase));
    }
    return options;
  }

  private static Upstream upstream(String real, Map<String, String> environment) {
    if (!real.equals("openai")) {
      throw CommandFailure.usage("--real: %s (expected: openai)".formatted(real));
    }
    if (environment.getOrDefault("OPENAI_API_KEY", "").isBlank()) {
      throw CommandFailure.configuration(
          "--real openai takes the provider's key from OPENAI_API_KEY, which is not set.");
    }
    return Upstream.REAL_OPENAI;
  }

  /** Runs when the JVM ends, whatever ended it; nothing that we started outlives us. */
  private void end(Stack stack, CountDownLatch ending) {
    ending.countDown();
    stack.close();
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    if (!failed) {
      Runtime.getRuntime().halt(ExitCode.DONE); // a signal is how this command is done
    }
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    synchronized (this) {
      out.println(text);
      out.flush();
    }
  }

  private final class Terminal implements Progress {
    @Override
    public void step(String sentence) {
      double seconds = (System.nanoTime() - began) / 1e9;
      say(String.format(Locale.ROOT, "  %5.1f s  %s", seconds, sentence));
    }

    @Override
    public void died(Death death) {
      say(
          "\n%s\n  It stays down. Bring it back with: ./penstock start %s\n"
              .formatted(death.report(), death.name()));
    }
  }
}
