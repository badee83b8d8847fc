package dev.penstock.cli.up;

import dev.penstock.cli.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds out before anything is started which ports are taken, and says who wanted them. */
final class PortCheck {
  private final Map<Integer, String> wanted = new LinkedHashMap<>();

  PortCheck want(int port, String purpose) {
    wanted.put(port, purpose);
    return this;
  }

  void requireAllFree() {
    List<String> taken = new ArrayList<>();
    wanted.forEach((port, purpose) -> {
      if (isTaken(port)) {
        taken.add("port %d is in use, and %s needs it".formatted(port, purpose));
      }
    });
    if (!taken.isEmpty()) {
      throw CommandFailure.configuration(
          String.join("; ", taken)
              + ". Free it, or choose other ports: ./penstock up --port-base N.");
    }
  }

  private static boolean isTaken(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // a port in TIME_WAIT is free
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
