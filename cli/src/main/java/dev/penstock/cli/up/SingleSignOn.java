package dev.penstock.cli.up;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.keycloak.Chores;
import dev.penstock.cli.keycloak.KeycloakDistribution;
import dev.penstock.cli.keycloak.KeycloakServer;
import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.cli.process.Supervisor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keycloak beside the rest. Nothing waits for it: it is started when everything else is ready, and
 * where it cannot be had the installation goes on without.
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
      ManagedProcess process = supervisor.launch(programs.keycloak(server));
      process.awaitReady(PATIENCE);
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
