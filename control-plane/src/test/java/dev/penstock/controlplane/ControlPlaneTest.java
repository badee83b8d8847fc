package dev.penstock.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneTest {

  @Test
  void namesEverythingThatIsNotSet() {
    assertThat(ControlPlane.problems(Map.of("PENSTOCK_DB_PASSWORD", " ")))
        .containsExactly(
            "PENSTOCK_DB_URL is not set",
            "PENSTOCK_DB_PASSWORD is not set",
            "PENSTOCK_ADMIN_TOKEN_FILE is not set",
            "PENSTOCK_SNAPSHOT_SIGNING_KEY is not set",
            "PENSTOCK_TLS_CA is not set",
            "PENSTOCK_TLS_CERT is not set",
            "PENSTOCK_TLS_KEY is not set",
            "PENSTOCK_MASTER_KEY_FILE is not set");
  }

  @Test
  void namesTheFileThatCannotBeRead(@TempDir Path folder) throws IOException {
    String file = Files.writeString(folder.resolve("any"), "any").toString();
    Map<String, String> environment = new HashMap<>();
    environment.put("PENSTOCK_DB_URL", "jdbc:postgresql://127.0.0.1/penstock");
    environment.put("PENSTOCK_DB_PASSWORD", "any");
    environment.put("PENSTOCK_ADMIN_TOKEN_FILE", file);
    environment.put("PENSTOCK_MASTER_KEY_FILE", file);
    environment.put("PENSTOCK_SNAPSHOT_SIGNING_KEY", file);
    environment.put("PENSTOCK_TLS_CA", file);
    environment.put("PENSTOCK_TLS_CERT", file);
    environment.put("PENSTOCK_TLS_KEY", file);
    assertThat(ControlPlane.problems(environment)).isEmpty();
    environment.put("PENSTOCK_MASTER_KEY", "any");
    assertThat(ControlPlane.problems(environment))
        .containsExactly("PENSTOCK_MASTER_KEY and PENSTOCK_MASTER_KEY_FILE are both set");
    environment.remove("PENSTOCK_MASTER_KEY_FILE");
    assertThat(ControlPlane.problems(environment)).isEmpty();
    environment.put("PENSTOCK_TLS_KEY", folder.resolve("none").toString());
    assertThat(ControlPlane.problems(environment))
        .containsExactly("PENSTOCK_TLS_KEY names no file that can be read");
  }
}
