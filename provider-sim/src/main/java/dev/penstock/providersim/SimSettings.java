package dev.penstock.providersim;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Where the simulator listens (port 0: any free one) and which upstream keys it accepts. */
public record SimSettings(String host, int port, Set<String> apiKeys) {
  public static final int DEFAULT_PORT = 8090;

  public SimSettings {
    Objects.requireNonNull(host, "host");
    apiKeys = Set.copyOf(apiKeys);
    if (port < 0 || port > 65_535) {
      throw new BadSettings("PENSTOCK_SIM_PORT: " + port + " (expected: 0 to 65535)");
    }
    if (apiKeys.isEmpty()) {
      throw new BadSettings(
          "PENSTOCK_SIM_API_KEYS: empty (expected: the accepted upstream keys, comma separated)");
    }
  }

  /** For tests and benchmarks: loopback, any free port. */
  public static SimSettings onAnyPort(String... apiKeys) {
    return new SimSettings("127.0.0.1", 0, Set.of(apiKeys));
  }

  static SimSettings fromEnvironment(Map<String, String> environment) {
    return new SimSettings(
        environment.getOrDefault("PENSTOCK_BIND_HOST", "0.0.0.0"),
        port(environment.getOrDefault("PENSTOCK_SIM_PORT", Integer.toString(DEFAULT_PORT))),
        keys(environment.getOrDefault("PENSTOCK_SIM_API_KEYS", "")));
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException notANumber) {
      throw new BadSettings("PENSTOCK_SIM_PORT: " + text + " (expected: a port number)");
    }
  }

  private static Set<String> keys(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(key -> !key.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The keys are credentials, though only a simulator's. */
  @Override
  public String toString() {
    return "SimSettings[host=%s, port=%d, apiKeys=%d]".formatted(host, port, apiKeys.size());
  }

  /** A configuration that cannot be started; its message is the line the operator sees. */
  public static final class BadSettings extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    BadSettings(String message) {
      super(message);
    }
  }
}
