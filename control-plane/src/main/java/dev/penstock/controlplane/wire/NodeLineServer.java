package dev.penstock.controlplane.wire;

import dev.penstock.controlplane.ControlPlaneConfig;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * What the properties of the gRPC server cannot say: that clients are verified against a PEM file
 * (they know key stores only), how often a node may ping, and how long a line may do nothing.
 */
@Singleton
public final class NodeLineServer implements ServerBuilderCustomizer<VertxServerBuilder> {

  private static final int PING_SECONDS = 10;
  private static final int PING_TIMEOUT_SECONDS = 5;
  private static final int IDLE_SECONDS = 60;
  private static final int MAX_CALLS = 8;

  private final ControlPlaneConfig config;

  NodeLineServer(ControlPlaneConfig config) {
    this.config = config;
  }

  @Override
  public void customize(GrpcServerConfiguration server, VertxServerBuilder builder) {
    PemTrustOptions trusted = new PemTrustOptions().addCertPath(config.tls().ca().toString());
    // What is issued here counts here; the file names whom else to trust: one's own authority, the
    // one before this, the one after it.
    config.nodeCa().cert().ifPresent(issuer -> trusted.addCertPath(issuer.toString()));
    builder.useSsl(options -> options.setTrustOptions(trusted));
    // A half-open connection is found within 15 s by either side. Nodes ping every 10 s; their
    // timers are not ours, hence a little less.
    builder
        .nettyBuilder()
        .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveTime(PING_SECONDS - 2, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        // A node has one session and enrols beside it; each session takes a thread.
        .maxConcurrentCallsPerConnection(MAX_CALLS)
        // A node's session is a call that does not end, so only a line without one is ever idle.
        .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS);
  }
}
