package dev.penstock.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** Another control plane on the same database, with ports of its own. */
public final class Replica implements AutoCloseable {

  private final int ports;
  private final Process process;

  private Replica(int ports, Process process) {
    this.ports = ports;
    this.process = process;
  }

  /**
   * Starts one; it need not be ready yet.
   *
   * @param changes of its environment
   */
  public static Replica start(PenstockTester tester, Map<String, String> changes)
      throws IOException {
    int ports = FreePorts.base();
    var spec = tester.process("control-plane").spec();
    Map<String, String> environment = new HashMap<>(spec.environment());
    environment.put("PENSTOCK_ADMIN_PORT", Integer.toString(ports));
    environment.put("PENSTOCK_GRPC_PORT", Integer.toString(ports + 1));
    environment.putAll(changes);
    ProcessBuilder builder = new ProcessBuilder(spec.command());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        Files.createTempFile(tester.installation().state(), "replica", ".log").toFile());
    return new Replica(ports, builder.start());
  }

  /** The port of its nodes' sessions. */
  public int grpcPort() {
    return ports + 1;
  }

  /** Its admin API, which knows the installation's token. */
  public Admin admin(PenstockTester tester) {
    return new Admin(
        URI.create("http://127.0.0.1:" + ports),
        tester.environment().getOrDefault("PENSTOCK_ADMIN_TOKEN", ""));
  }

  /** Waits until it does what a replica does. */
  public void awaitReady() {
    URI health = URI.create("http://127.0.0.1:" + ports + "/q/health/ready");
    await("a second control plane")
        .atMost(Patience.FOR_A_START)
        .ignoreExceptions()
        .untilAsserted(() -> {
          HttpRequest ask = HttpRequest.newBuilder(health).GET().build();
          assertThat(Http.send(ask).statusCode()).isEqualTo(200);
        });
  }

  @Override
  public void close() {
    process.destroy();
  }
}
