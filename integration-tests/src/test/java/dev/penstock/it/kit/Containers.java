package dev.penstock.it.kit;

import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.installation.SecretFiles;
import dev.penstock.cli.keycloak.KeycloakServer;
import dev.penstock.cli.up.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Postgres and Keycloak of an installation in containers, on the ports where the installation's own
 * programs would listen. What the installation starts and stops is Docker's client, which passes
 * signals on; a container that was stopped keeps its data until all is over.
 */
final class Containers implements AutoCloseable {
  private static final String POSTGRES = "postgres";
  private static final String KEYCLOAK = "keycloak";
  private static final String POSTGRES_IMAGE = "postgres:18-alpine";
  private static final String KEYCLOAK_IMAGE = "quay.io/keycloak/keycloak:26.7";

  private final Map<String, List<String>> runs;
  private final String prefix;

  private Containers(String prefix, Map<String, List<String>> runs) {
    this.prefix = prefix;
    this.runs = runs;
  }

  static Containers of(Installation installation, Ports ports) {
    SecretFiles secrets = new SecretFiles(installation);
    Set<String> variables =
        KeycloakServer.environment(secrets, URI.create("http://127.0.0.1:" + ports.console()))
            .keySet();
    return new Containers(
        "penstock-it-" + ports.postgres(),
        Map.of(
            POSTGRES, postgres(ports.postgres(), secrets.token("db-admin-password")),
            KEYCLOAK, keycloak(ports.sso(), installation.realm(), variables)));
  }

  /** The same installation with these servers. */
  StackOptions in(StackOptions options) {
    StackOptions changed = options;
    for (String server : runs.keySet()) {
      changed = changed.withCommand(server, command(server));
    }
    return changed;
  }

  /** A container that is there already goes on where it was. */
  List<String> command(String server) {
    String name = prefix + "-" + server;
    List<String> shell = new ArrayList<>();
    shell.add("sh");
    shell.add("-c");
    shell.add(
        "if docker inspect \"$0\" >/dev/null 2>&1; then exec docker start -a \"$0\"; fi;"
            + " exec docker run --name \"$0\" \"$@\"");
    shell.add(name);
    shell.addAll(runs.getOrDefault(server, List.of()));
    return List.copyOf(shell);
  }

  private static List<String> postgres(int port, Path password) {
    return List.of(
        "--publish=127.0.0.1:" + port + ":5432",
        "--volume=" + password + ":/run/admin-password:ro",
        "--env=POSTGRES_PASSWORD_FILE=/run/admin-password",
        "--env=POSTGRES_INITDB_ARGS=--locale=C --encoding=UTF8",
        POSTGRES_IMAGE,
        "postgres",
        "-c",
        "max_connections=100");
  }

  /** The values of its variables are the client's own, so that no secret is on a command line. */
  private static List<String> keycloak(int port, Path realm, Set<String> variables) {
    List<String> run = new ArrayList<>();
    run.add("--publish=127.0.0.1:" + port + ":8080");
    run.add(
        "--volume=%s:/opt/keycloak/data/import/%s-realm.json:ro"
            .formatted(realm, KeycloakServer.REALM));
    variables.forEach(variable -> run.add("--env=" + variable));
    run.addAll(
        List.of(
            KEYCLOAK_IMAGE,
            "start",
            "--import-realm",
            "--cache=local",
            "--hostname=" + KeycloakServer.url(port),
            "--http-enabled=true"));
    return List.copyOf(run);
  }

  /** Whether a server of this name is in a container. */
  boolean hold(String server) {
    return runs.containsKey(server);
  }

  /** Ends a server without a word, which its client does not do for it. */
  void kill(String server) {
    docker("kill", prefix + "-" + server);
  }

  @Override
  public void close() {
    runs.keySet().forEach(server -> docker("rm", "--force", "--volumes", prefix + "-" + server));
  }

  static boolean dockerAnswers() {
    return docker("version");
  }

  private static boolean docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
