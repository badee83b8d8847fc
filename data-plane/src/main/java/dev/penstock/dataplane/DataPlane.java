package dev.penstock.dataplane;

import dev.penstock.dataplane.admission.ProbeRequests;
import dev.penstock.dataplane.budget.LeaseDesk;
import dev.penstock.dataplane.config.BadConfig;
import dev.penstock.dataplane.config.CertificateSource;
import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.config.NodeConfig;
import dev.penstock.dataplane.config.TokenIssuer;
import dev.penstock.dataplane.enrolment.Enrolment;
import dev.penstock.dataplane.enrolment.GivenIdentity;
import dev.penstock.dataplane.enrolment.Identity;
import dev.penstock.dataplane.journal.Journal;
import dev.penstock.dataplane.journal.Spool;
import dev.penstock.dataplane.journal.SpoolLimits;
import dev.penstock.dataplane.ratelimit.RateShares;
import dev.penstock.dataplane.session.NodeSession;
import dev.penstock.dataplane.session.SessionParts;
import dev.penstock.dataplane.snapshot.CurrentSnapshot;
import dev.penstock.dataplane.snapshot.SnapshotClient;
import dev.penstock.dataplane.telemetry.ExchangeMetrics;
import dev.penstock.dataplane.token.IssuerKeys;
import dev.penstock.dataplane.token.JwksClient;
import dev.penstock.dataplane.upstream.ProviderAddresses;
import dev.penstock.dataplane.upstream.ProviderWarmth;
import dev.penstock.dataplane.wire.GrpcControlPlane;
import dev.penstock.dataplane.wire.GrpcEnrolment;
import dev.penstock.dataplane.wire.PolicyReader;
import dev.penstock.dataplane.wire.SpoolRecords;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: builds the parts, opens the ports, and closes both in order when it is told to stop. It
 * decides nothing.
 *
 * <p>Order of start: what is on disk (certificate, spool, last good snapshot), then the ports, then
 * the control plane, which may be away. Order of stop: no new exchange, grace for those that run,
 * the session last, so that what they used is still reported.
 */
public final class DataPlane implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DataPlane.class);
  private static final int EXIT_BAD_CONFIG = 78;
  private static final int EXIT_FAILED = 1;
  private static final long START_SECONDS = 30;
  private static final long DRAIN_POLL_MILLIS = 20;
  private static final long LAST_REPORT_MILLIS = 1_000;
  private static final long CLOSE_SECONDS = 5;

  private final Limits limits;
  private final Spool spool;
  private final SnapshotClient snapshots;
  private final ExchangeMetrics metrics;
  private final NodeParts parts;
  private final Vertx vertx;
  private final NodeSession session;
  private final Optional<Enrolment> enrolment;

  private DataPlane(NodeConfig config, Limits limits) throws IOException {
    this.limits = limits;
    // First, so that a certificate is on its way while the rest is being built.
    enrolment = enrolment(config);
    Identity identity = enrolment.<Identity>map(it -> it).orElseGet(() -> given(config));
    spool =
        Spool.open(
            config.dataDir().resolve("spool"),
            SpoolLimits.DEFAULT,
            new SpoolRecords(config.nodeName(), config.region()));
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(limits.eventLoops()));
    ProviderAddresses addresses = new ProviderAddresses(vertx, config.providerAllowPrivate());
    CurrentSnapshot current = new CurrentSnapshot();
    snapshots =
        SnapshotClient.open(
            config.dataDir(),
            config.region(),
            config.controlPlane().snapshotKeys(),
            new PolicyReader(),
            current,
            List.of(
                new ProbeRequests(config.region(), Clock.systemUTC()),
                new ProviderWarmth(vertx, addresses)));
    LeaseDesk leases = new LeaseDesk(spool);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics = new ExchangeMetrics(registry);
    RateShares rateShares = new RateShares(System.currentTimeMillis());
    parts =
        new NodeParts(
            config.region(),
            limits,
            current,
            leases,
            new Journal(spool, metrics),
            metrics,
            addresses,
            rateShares,
            config.tokenIssuer().map(issuer -> tokens(vertx, issuer)));
    listen(config, registry);
    parts.breakers().warm();
    session =
        NodeSession.start(
            config,
            new GrpcControlPlane(config.controlPlane(), identity, build()),
            new SessionParts(
                spool,
                leases,
                current,
                snapshots,
                metrics::running,
                rateShares,
                parts.budgetActions()));
    enrolment.ifPresent(it -> it.onChanged(session::reconnect));
    SessionGauges.register(registry, session, identity, InstantSource.system());
  }

  /** The identity provider may come later, or go. */
  private static NodeParts.Tokens tokens(Vertx vertx, TokenIssuer issuer) {
    return new NodeParts.Tokens(issuer, IssuerKeys.start(vertx, new JwksClient(vertx, issuer)));
  }

  private static Optional<Enrolment> enrolment(NodeConfig config) {
    return switch (config.controlPlane().certificate()) {
      case CertificateSource.Given given -> Optional.empty();
      case CertificateSource.Enrolled source -> {
        if (!source.hasProof() && !Enrolment.isKnown(config)) {
          throw new IllegalArgumentException(
              "the node has no certificate: set PENSTOCK_JOIN_TOKEN_FILE to a file with a join token"
                  + " (POST /api/v1/join-tokens), or PENSTOCK_TLS_CERT and PENSTOCK_TLS_KEY to files"
                  + " of your own authority");
        }
        yield Optional.of(
            Enrolment.start(config, source, new GrpcEnrolment(config), InstantSource.system()));
      }
    };
  }

  private static Identity given(NodeConfig config) {
    return switch (config.controlPlane().certificate()) {
      case CertificateSource.Given(Path cert, Path key) -> new GivenIdentity(cert, key);
      case CertificateSource.Enrolled source -> throw new IllegalStateException("enrolled");
    };
  }

  private void listen(NodeConfig config, PrometheusMeterRegistry registry) throws IOException {
    String host = config.listen().bindHost();
    Future<?> listening =
        new OpsServer(parts, spool, registry)
            .listen(vertx, host, config.listen().opsPort())
            .compose(ops ->
                vertx.deployVerticle(
                    () -> new TrafficVerticle(parts, host, config.listen().trafficPort()),
                    new DeploymentOptions().setInstances(limits.eventLoops())));
    try {
      listening.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("cannot listen: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", e);
    }
    LOG.info(
        "node {} in region {}: traffic on {}, ops on {}",
        config.nodeName(),
        config.region(),
        config.listen().trafficPort(),
        config.listen().opsPort());
  }

  private static String build() {
    return Optional.ofNullable(DataPlane.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** Stops: waits for running streams as long as the grace lasts, then ends them. */
  @Override
  public void close() {
    parts.startDraining();
    awaitIdle(limits.drain().toMillis());
    parts.endDraining();
    awaitIdle(LAST_REPORT_MILLIS);
    awaitReported();
    enrolment.ifPresent(Enrolment::close);
    session.close();
    snapshots.close();
    closeVertx();
    spool.close();
    LOG.info("stopped");
  }

  /** Nothing may use the spool any more when it is closed, nor keep the process for ever. */
  private void closeVertx() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("connections were still open after {} s: {}", CLOSE_SECONDS, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitIdle(long atMostMillis) {
    await(() -> metrics.running() == 0, atMostMillis);
  }

  /** What is not reported now is reported after the next start. */
  private void awaitReported() {
    if (session.view().connected()) {
      await(() -> spool.ackedSeq() == spool.lastSeq(), LAST_REPORT_MILLIS);
    }
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition, long atMostMillis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMillis);
    try {
      while (!condition.holds() && System.nanoTime() - end < 0) {
        Thread.sleep(DRAIN_POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs until SIGTERM; exits with 78 where the configuration is wrong. */
  public static void main(String[] args) {
    Map<String, String> env = System.getenv();
    try {
      NodeConfig config = NodeConfig.of(env);
      DataPlane node = new DataPlane(config, Limits.of(env));
      Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop"));
    } catch (BadConfig | IllegalArgumentException wrong) {
      System.err.println("penstock data plane: " + wrong.getMessage());
      System.exit(EXIT_BAD_CONFIG);
    } catch (IOException | RuntimeException failed) {
      LOG.error("cannot start", failed);
      System.exit(EXIT_FAILED);
    }
  }
}
