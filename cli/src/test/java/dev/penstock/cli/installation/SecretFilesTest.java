package dev.penstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  @TempDir Path folder;

  @Test
  void makesASecretOnceAndKeepsIt() throws Exception {
    SecretFiles secrets = new SecretFiles(new Installation(folder, folder.resolve("state")));

    Path first = secrets.token("admin-token");
    String made = secrets.read(first);

    assertThat(secrets.read(secrets.token("admin-token"))).isEqualTo(made).hasSize(43);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
        .isEqualTo("rw-------");
    assertThat(secrets.find("nothing")).isEmpty();
  }

  @Test
  void makesKeysOf32Bytes() {
    SecretFiles secrets = new SecretFiles(new Installation(folder, folder.resolve("state")));

    String key = secrets.read(secrets.key("master-key"));

    assertThat(Base64.getDecoder().decode(key)).hasSize(32);
  }
}
