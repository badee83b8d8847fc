package dev.penstock.cli.up;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class PortCheckTest {

  @Test
  void namesThePortAndWhoWantedItAndTheFlag() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      PortCheck check = new PortCheck().want(taken.getLocalPort(), "node eu-west-1 for traffic");

      assertThatThrownBy(check::requireAllFree)
          .hasMessageContaining("port " + taken.getLocalPort() + " is in use")
          .hasMessageContaining("node eu-west-1 for traffic")
          .hasMessageContaining("--port-base N")
          .asInstanceOf(InstanceOfAssertFactories.type(CommandFailure.class))
          .returns(ExitCode.CONFIGURATION, CommandFailure::exitCode);
    }
  }

  @Test
  void isContentWithFreePorts() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    PortCheck check = new PortCheck().want(free, "Postgres");

    assertThatCode(check::requireAllFree).doesNotThrowAnyException();
  }
}
