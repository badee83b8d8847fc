package dev.penstock.controlplane;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sun.misc.Signal;

/** Main: says what is missing in the environment, else starts. */
@QuarkusMain
public final class ControlPlane {

  private static final int BAD_CONFIGURATION = 78;

  private static final List<String> REQUIRED = List.of("PENSTOCK_DB_URL", "PENSTOCK_DB_PASSWORD");

  private static final List<String> REQUIRED_FILES =
      List.of(
          "PENSTOCK_ADMIN_TOKEN_FILE",
          "PENSTOCK_SNAPSHOT_SIGNING_KEY",
          "PENSTOCK_TLS_CA",
          "PENSTOCK_TLS_CERT",
          "PENSTOCK_TLS_KEY");

  private static final String MASTER_KEY_FILE = "PENSTOCK_MASTER_KEY_FILE";

  private ControlPlane() {}

  public static void main(String[] args) {
    List<String> problems = problems(System.getenv());
    if (!problems.isEmpty()) {
      System.err.println(String.join("; ", problems) + " (see control-plane/README.md)");
      System.exit(BAD_CONFIGURATION);
    }
    // Being asked to stop is no failure; left to itself the JVM would report 143.
    Signal.handle(new Signal("TERM"), signal -> Quarkus.asyncExit(0));
    Quarkus.run(args);
  }

  /** What keeps the process from starting. */
  static List<String> problems(Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    Stream.concat(REQUIRED.stream(), REQUIRED_FILES.stream())
        .filter(name -> environment.getOrDefault(name, "").isBlank())
        .forEach(name -> problems.add(name + " is not set"));
    boolean masterKey = !environment.getOrDefault("PENSTOCK_MASTER_KEY", "").isBlank();
    if (masterKey != environment.getOrDefault(MASTER_KEY_FILE, "").isBlank()) {
      problems.add(
          masterKey
              ? "PENSTOCK_MASTER_KEY and PENSTOCK_MASTER_KEY_FILE are both set"
              : "PENSTOCK_MASTER_KEY_FILE is not set");
    }
    Stream.concat(REQUIRED_FILES.stream(), Stream.of(MASTER_KEY_FILE))
        .filter(name -> !environment.getOrDefault(name, "").isBlank())
        .filter(name -> !Files.isReadable(Path.of(environment.getOrDefault(name, ""))))
        .forEach(name -> problems.add(name + " names no file that can be read"));
    return List.copyOf(problems);
  }
}
