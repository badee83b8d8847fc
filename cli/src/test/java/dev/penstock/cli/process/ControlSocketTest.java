package dev.penstock.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.installation.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlSocketTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 12})
  void carriesAnOrderFromAnyDepth(int depth) {
    Installation installation = installation(depth);

    try (ControlSocket socket =
        ControlSocket.open(installation, (verb, name) -> verb + "ed " + name)) {
      assertThat(socket).isNotNull();
      assertThat(ControlSocket.send(installation, "start", "eu-west-1"))
          .isEqualTo("started eu-west-1");
    }
  }

  @Test
  void carriesARefusalWithItsCode() {
    Installation installation = installation(1);

    try (ControlSocket socket =
        ControlSocket.open(
            installation,
            (verb, name) -> {
              throw CommandFailure.usage("there is no process " + name);
            })) {
      assertThat(socket).isNotNull();
      assertThatThrownBy(() -> ControlSocket.send(installation, "stop", "x"))
          .hasMessage("there is no process x")
          .asInstanceOf(InstanceOfAssertFactories.type(CommandFailure.class))
          .returns(ExitCode.USAGE, CommandFailure::exitCode);
    }
  }

  @Test
  void canBeOpenedByItsOwnerOnly() throws Exception {
    Installation installation = installation(1);

    try (ControlSocket socket = ControlSocket.open(installation, (verb, name) -> "")) {
      assertThat(socket).isNotNull();
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(installation.state().resolve("control.sock"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void saysThatNothingRunsWhenNobodyListens() {
    assertThatThrownBy(() -> ControlSocket.send(installation(1), "stop", "x"))
        .hasMessageContaining("nothing runs from")
        .hasMessageContaining("./penstock up");
  }

  private Installation installation(int depth) {
    Path state = folder;
    for (int level = 0; level < depth; level++) {
      state = state.resolve("deep-folder");
    }
    return new Installation(folder, state);
  }
}
