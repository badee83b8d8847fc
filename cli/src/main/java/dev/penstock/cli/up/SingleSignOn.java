package dev.penstock.cli.up;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.keycloak.Chores;
import dev.penstock.cli.keycloak.KeycloakDistribution;
import dev.penstock.cli.keycloak.KeycloakServer;
import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.cli.process.Supervisor;
import dev.penstock.cli.up.StackOptions.Console;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keycloak beside the rest, and the console, which needs it. Nothing waits for them: they are
 * started when everything else is ready, and where they cannot be had the installation goes on
 * without.
 */
final class SingleSignOn implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final StackOptions options;
  private final Programs programs;
  private final Supervisor supervisor;
  private final Progress progress;
  private final Chores chores = new Chores();
  private volatile boolean closed;

  SingleSignOn(StackOptions options, Programs programs, Supervisor supervisor, Progress progress) {
    this.options = options;
    this.programs = programs;
    this.supervisor = supervisor;
    this.progress = progress;
  }

  /** Answers at once; the result says whether it is there, once that is known. */
  Background<Boolean> start(Runnable onReady) {
    return Background.run("single sign-on", () -> run(onReady));
  }

  private boolean run(Runnable onReady) {
    try {
      Installation installation = options.installation();
      KeycloakDistribution distribution =
          KeycloakDistribution.preparedIn(installation.tools(), chores);
      KeycloakServer server =
          new KeycloakServer(
              distribution, installation.sso(), options.ports().sso(), installation.realm());
      List<ManagedProcess> started = new ArrayList<>();
      started.add(supervisor.launch(programs.keycloak(server)));
      if (options.console() == Console.STARTED) {
        started.add(supervisor.launch(programs.console()));
      }
      started.forEach(process -> process.awaitReady(PATIENCE));
      onReady.run();
      progress.step("single sign-on is ready: " + KeycloakServer.issuer(options.ports().sso()));
      return true;
    } catch (RuntimeException e) {
      if (!closed) {
        progress.step("single sign-on is left out: " + firstLine(e.getMessage()));
      }
      return false;
    }
  }

  private static String firstLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    closed = true;
    chores.close();
  }
}
