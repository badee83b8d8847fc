package dev.penstock.dataplane;

import dev.penstock.dataplane.admission.Admission;
import dev.penstock.dataplane.authenticate.AccountAuthenticator;
import dev.penstock.dataplane.authenticate.ApiKeyCheck;
import dev.penstock.dataplane.authenticate.Authenticator;
import dev.penstock.dataplane.budget.BudgetDesk;
import dev.penstock.dataplane.buffer.LentReads;
import dev.penstock.dataplane.cache.ResponseCache;
import dev.penstock.dataplane.config.Limits;
import dev.penstock.dataplane.exchange.ClientConnections;
import dev.penstock.dataplane.exchange.ExchangeHandler;
import dev.penstock.dataplane.exchange.ExchangePipeline;
import dev.penstock.dataplane.guard.ExternalGuards;
import dev.penstock.dataplane.guard.InputGuard;
import dev.penstock.dataplane.guard.OutputGuard;
import dev.penstock.dataplane.meter.Estimates;
import dev.penstock.dataplane.policy.PolicyResolver;
import dev.penstock.dataplane.relay.Relay;
import dev.penstock.dataplane.relay.RunningStreams;
import dev.penstock.dataplane.route.Router;
import dev.penstock.dataplane.token.TokenCheck;
import dev.penstock.dataplane.upstream.UpstreamDialer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.ClientResolverConfig;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.impl.HttpClientConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One event loop's share of the traffic: its own pipeline, its own connections to providers. What
 * it shares with the others comes in through {@link NodeParts}.
 */
final class TrafficVerticle extends VerticleBase {

  private static final int TICK_MILLIS = 1_000;
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final Duration ADDRESS_STAYS = Duration.ofDays(1);
  private static final int MAX_CONNECTIONS_PER_PROVIDER = 4_096;
  private static final int MAX_WAITING_FOR_CONNECTION = 1_024;
  private static final int KEEP_ALIVE_SECONDS = 30;
  private static final int CLIENT_SEND_BUFFER_BYTES = 128 * 1024;

  private final NodeParts parts;
  private final String bindHost;
  private final int port;
  private final LentReads reads = new LentReads();

  TrafficVerticle(NodeParts parts, String bindHost, int port) {
    this.parts = parts;
    this.bindHost = bindHost;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    RunningStreams running = new RunningStreams(parts.snapshots()::isUsable);
    parts.snapshots().onRevoked(ids -> context.runOnContext(now -> running.revoke(ids)));
    parts.onDrained(() -> context.runOnContext(now -> running.drain()));
    ClientConnections clients = new ClientConnections(vertx, parts.limits());
    ExchangeHandler handler =
        new ExchangeHandler(
            vertx,
            pipeline(running),
            parts.limits(),
            parts.bodyRoom(),
            parts.metrics(),
            clients,
            parts::draining,
            new SplittableRandom());
    vertx.setPeriodic(
        TICK_MILLIS,
        tick -> {
          running.tick(System.nanoTime());
          handler.tick();
        });
    return vertx
        .createHttpServer(serverOptions(parts.limits()))
        .connectionHandler(clients::opened)
        .requestHandler(handler)
        .invalidRequestHandler(handler.unreadable())
        .listen(port, bindHost);
  }

  private ExchangePipeline pipeline(RunningStreams running) {
    Clock clock = Clock.systemUTC();
    Estimates estimates = new Estimates(context);
    HttpClient http = httpClient(parts.limits());
    BudgetDesk budgets =
        new BudgetDesk(parts.leases(), parts.journal(), estimates, parts.budgetActions(), context);
    return new ExchangePipeline(
        new Authenticator(parts.snapshots(), new ApiKeyCheck(), accounts(clock), clock),
        new PolicyResolver(parts.staleness()),
        new Admission(
            parts.region(),
            parts.limits(),
            clock,
            parts.metrics(),
            parts.rateLimits(),
            parts.budgetActions()),
        new InputGuard(
            context,
            parts.metrics(),
            new ExternalGuards(context, http, parts.addresses(), parts.externalPlaces())),
        new ResponseCache(),
        new Router(new SplittableRandom()),
        budgets,
        new UpstreamDialer(
            http,
            parts.addresses(),
            parts.breakers(),
            parts.limits(),
            parts.drains(),
            context,
            estimates),
        new Relay(
            parts.limits(),
            parts.journal(),
            running,
            parts.drains(),
            estimates,
            budgets,
            new OutputGuard(context, parts.metrics())),
        parts.journal());
  }

  private Optional<AccountAuthenticator> accounts(Clock clock) {
    return parts
        .tokens()
        .map(tokens ->
            new AccountAuthenticator(
                new TokenCheck(context, tokens.issuer(), tokens.keys(), clock)));
  }

  private HttpClient httpClient(Limits limits) {
    HttpClientOptions options =
        new HttpClientOptions()
            // HTTP/1.1: on a shared HTTP/2 connection one stalled client would stall the others.
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setVerifyHost(true)
            .setDecompressionSupported(false)
            .setReceiveBufferSize(limits.receiveBufferBytes())
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setTcpNoDelay(true);
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(new HttpClientConfig(options).setResolverConfig(addressesStay()))
        .with(
            new PoolOptions()
                .setHttp1MaxSize(MAX_CONNECTIONS_PER_PROVIDER)
                .setMaxWaitQueueSize(MAX_WAITING_FOR_CONNECTION))
        .withConnectHandler(this::connectedToProvider)
        .build();
  }

  /**
   * Vert.x is given addresses, which stay what they are; names are {@code ProviderAddresses}'s. If
   * it looked at them again after its usual minutes, the compiler would give up on all that it has
   * made of a call because of it, for half a second of a processor's time.
   */
  private static ClientResolverConfig addressesStay() {
    return new ClientResolverConfig()
        .setKeepAliveTimeout(ADDRESS_STAYS)
        .setMaxKeepAlive(ADDRESS_STAYS);
  }

  private void connectedToProvider(HttpConnection connection) {
    // What happens to a connection is told to the exchange that uses it; an idle one just goes.
    connection.exceptionHandler(ignored -> {});
    // A fixed receive buffer makes Vert.x take that much memory for every read, however small: for
    // an event of 300 bytes as for a flood. Connections read into memory that they share instead.
    ((HttpClientConnection) connection)
        .channelHandlerContext()
        .channel()
        .config()
        .setRecvByteBufAllocator(reads);
  }

  private static HttpServerOptions serverOptions(Limits limits) {
    return new HttpServerOptions()
        // Every refusal with an unread body closes its connection; on HTTP/2 others would share it.
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(false)
        .setDecompressionSupported(false)
        .setHandle100ContinueAutomatically(true)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxInitialLineLength(8 * 1024)
        // Most clients send a message in one frame, however long it is.
        .setMaxWebSocketFrameSize(limits.maxBodyBytes())
        .setMaxWebSocketMessageSize(limits.maxBodyBytes())
        // Of what a client offers; see SocketProtocols.
        .setWebSocketSubProtocols(List.of("*"))
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        // What waits in the kernel for a client that does not read was paid for and may never be
        // read.
        .setSendBufferSize(CLIENT_SEND_BUFFER_BYTES)
        .setTcpNoDelay(true);
  }
}
