package dev.penstock.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.installation.Installation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationLockTest {
  @TempDir Path folder;

  @Test
  void letsOneInAtATime() {
    Installation installation = new Installation(folder, folder.resolve("state"));
    long pid = ProcessHandle.current().pid();

    try (InstallationLock lock = InstallationLock.acquire(installation)) {
      assertThat(lock).isNotNull();
      assertThat(installation.pidFile()).hasContent(pid + "\n");
      assertThatThrownBy(() -> InstallationLock.acquire(installation))
          .hasMessageContaining("runs already from " + installation.state())
          .hasMessageContaining("process " + pid);
    }

    try (InstallationLock again = InstallationLock.acquire(installation)) {
      assertThat(again).isNotNull();
    }
    assertThat(installation.pidFile()).isEmptyFile();
  }
}
