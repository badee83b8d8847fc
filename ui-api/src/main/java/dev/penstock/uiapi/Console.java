package dev.penstock.uiapi;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Main class: a wrong configuration ends with one clear line and exit code 78, not a stack trace.
 */
@QuarkusMain
public final class Console {
  private static final String PORT = "PENSTOCK_CONSOLE_PORT";
  private static final int EXIT_CONFIGURATION = 78;

  Console() {}

  public static void main(String... arguments) {
    Optional<String> fault = portFault(System.getenv(PORT));
    if (fault.isPresent()) {
      System.err.println(fault.get());
      System.exit(EXIT_CONFIGURATION);
    }
    Quarkus.run(arguments);
  }

  static Optional<String> portFault(@Nullable String port) {
    if (port == null || (port.matches("\\d{1,5}") && isPort(Integer.parseInt(port)))) {
      return Optional.empty();
    }
    return Optional.of(PORT + ": " + port + " (expected: a port, 1 to 65535)");
  }

  private static boolean isPort(int number) {
    return number >= 1 && number <= 65_535;
  }
}
