package dev.penstock.cli.installation;

import dev.penstock.cli.CommandFailure;

/** Where each process listens. */
public record Ports(
    int admin, int grpc, int console, int simulator, int postgres, int sso, int firstNode) {
  private static final int LAST_BASE = 65_535 - 100;

  /** A node's two ports: traffic for clients, ops for health and metrics. */
  public record NodePorts(int traffic, int ops) {}

  /** The addresses of the quickstart. */
  public static Ports standard() {
    return new Ports(9080, 9443, 7080, 8090, 15_432, 8180, 8080);
  }

  /** A block of ports of its own, for a second installation or when a standard one is taken. */
  public static Ports from(int base) {
    if (base < 1024 || base > LAST_BASE) {
      throw CommandFailure.usage(
          "--port-base: %d (expected: 1024 to %d)".formatted(base, LAST_BASE));
    }
    return new Ports(base, base + 1, base + 2, base + 3, base + 4, base + 5, base + 10);
  }

  /** Pairs in order; the standard pair that would take the simulator's port is left out. */
  public NodePorts node(int index) {
    int traffic = firstNode + 2 * index;
    if (simulator >= firstNode && traffic >= simulator) {
      traffic += 2;
    }
    return new NodePorts(traffic, traffic + 1);
  }
}
