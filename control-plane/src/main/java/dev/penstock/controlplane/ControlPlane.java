package dev.penstock.controlplane;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;

/** Main: says what is missing in the environment, else starts. */
@QuarkusMain
public final class ControlPlane {

  private static final int BAD_CONFIGURATION = 78;

  private static final List<String> REQUIRED =
      List.of(
          "PENSTOCK_DB_URL",
          "PENSTOCK_DB_PASSWORD",
          "PENSTOCK_ADMIN_TOKEN_FILE",
          "PENSTOCK_MASTER_KEY_FILE",
          "PENSTOCK_SNAPSHOT_SIGNING_KEY",
          "PENSTOCK_TLS_CA",
          "PENSTOCK_TLS_CERT",
          "PENSTOCK_TLS_KEY");

  private ControlPlane() {}

  public static void main(String[] args) {
    List<String> missing =
        REQUIRED.stream()
            .filter(name -> System.getenv(name) == null || System.getenv(name).isBlank())
            .toList();
    if (!missing.isEmpty()) {
      System.err.println(
          "not set: " + String.join(", ", missing) + " (see control-plane/README.md)");
      System.exit(BAD_CONFIGURATION);
    }
    Quarkus.run(args);
  }
}
