package dev.penstock.cli.installation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileTest {
  @TempDir Path folder;

  private Installation installation = new Installation(Path.of("."), Path.of("."));

  @BeforeEach
  void installation() {
    installation = new Installation(folder, folder.resolve(".penstock"));
  }

  @Test
  void isReadByAShellAndByItselfAlike() throws Exception {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(
        "PENSTOCK_GATEWAY_URLS", "eu-west=http://127.0.0.1:8080,us-east=http://127.0.0.1:8082");
    variables.put("ODD", "it's a $HOME \"value\" with `ticks`");

    new EnvFile(installation).write(variables);

    assertThat(new EnvFile(installation).read()).isEqualTo(variables);
    assertThat(shell("printf %s \"$ODD\"")).isEqualTo(variables.get("ODD"));
    assertThat(shell("printf %s \"$PENSTOCK_GATEWAY_URLS\""))
        .isEqualTo(variables.get("PENSTOCK_GATEWAY_URLS"));
  }

  @Test
  void isForItsOwnerOnly() throws Exception {
    new EnvFile(installation).write(Map.of("OPENAI_API_KEY", "pens_x"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(installation.envFile())))
        .isEqualTo("rw-------");
    assertThat(installation.state().toFile().list()).containsExactly("env");
  }

  @Test
  void isGoneAfterRemoval() {
    EnvFile env = new EnvFile(installation);
    env.write(Map.of("A", "b"));

    env.remove();
    env.remove();

    assertThat(installation.envFile()).doesNotExist();
    assertThat(env.read()).isEmpty();
  }

  private String shell(String script) throws Exception {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", ". " + installation.envFile() + " && " + script)
            .start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
