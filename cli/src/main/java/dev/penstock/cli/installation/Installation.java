package dev.penstock.cli.installation;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The repository whose jars run, and the state folder they keep their data in.
 *
 * @param repository root of the repository, with the built jars in its modules
 * @param state the folder {@code .penstock}; everything in it belongs to the user alone
 */
public record Installation(Path repository, Path state) {

  public Installation {
    repository = Objects.requireNonNull(repository, "repository").toAbsolutePath().normalize();
    state = Objects.requireNonNull(state, "state").toAbsolutePath().normalize();
  }

  /** As the script {@code ./penstock} passes it on; without the script, found from this jar. */
  public static Installation locate(Map<String, String> environment) {
    String root = environment.get("PENSTOCK_ROOT");
    Path repository = root == null ? repositoryOfThisJar() : Path.of(root);
    String state = environment.get("PENSTOCK_STATE_DIR");
    return new Installation(
        repository, state == null ? repository.resolve(".penstock") : Path.of(state));
  }

  /** {@code cli/target/penstock-cli.jar}, or {@code cli/target/classes} in a test: three up. */
  private static Path repositoryOfThisJar() {
    try {
      Path code =
          Path.of(Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Objects.requireNonNull(code.resolve("../../..").normalize());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no folder to start from", e);
    }
  }

  public Path envFile() {
    return state.resolve("env");
  }

  public Path processTable() {
    return state.resolve("processes.json");
  }

  public Path pidFile() {
    return state.resolve("up.pid");
  }

  public Path log(String process) {
    return state.resolve("logs").resolve(process + ".log");
  }

  public Path pki() {
    return state.resolve("pki");
  }

  public Path secrets() {
    return state.resolve("secrets");
  }

  public Path postgres() {
    return state.resolve("postgres");
  }

  /** What single sign-on keeps. */
  public Path sso() {
    return state.resolve("keycloak");
  }

  public Path nodes() {
    return state.resolve("nodes");
  }

  public Path nodeData(String node) {
    return nodes().resolve(node);
  }

  /** Unpacked programs. In the repository, so that several state folders share them. */
  public Path tools() {
    return repository.resolve(".penstock").resolve("tools");
  }

  /** With which single sign-on begins. */
  public Path realm() {
    return quickstart().resolve("keycloak").resolve("realm.json");
  }

  public Path quickstart() {
    return repository.resolve("quickstart");
  }
}
