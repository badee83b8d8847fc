package dev.penstock.providersim;

import dev.penstock.providersim.edge.SimHandler;
import dev.penstock.providersim.invoice.Invoice;
import dev.penstock.providersim.script.ScriptBook;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A running simulator: one HTTP/1.1 server on one event loop, with its scripts and its invoice.
 *
 * <p>{@link #start} and {@link #close} block; call them from a test's thread, not from an event
 * loop. {@link #scripts} and {@link #invoice} may be used from any thread. A second simulator in
 * the same JVM shares nothing with the first.
 */
public final class ProviderSim implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ProviderSim.class.getName());
  private static final long PATIENCE_SECONDS = 20;
  private static final int BAD_CONFIGURATION = 78;
  private static final int FAILED = 1;

  private final SimSettings settings;
  private final Vertx vertx;
  private final ScriptBook scripts = new ScriptBook();
  private final Invoice invoice = new Invoice();
  private final HttpServer server;

  private ProviderSim(SimSettings settings) {
    this.settings = settings;
    this.vertx = Vertx.vertx(oneLoop());
    this.server = vertx.createHttpServer(httpOptions(settings));
    server.requestHandler(new SimHandler(settings.apiKeys(), scripts, invoice));
  }

  /**
   * Starts and waits until the port is open.
   *
   * @throws IllegalStateException if the port cannot be opened
   */
  public static ProviderSim start(SimSettings settings) {
    ProviderSim sim = new ProviderSim(settings);
    try {
      await(sim.server.listen());
      return sim;
    } catch (Exception refused) {
      await(sim.vertx.close());
      throw new IllegalStateException(
          "cannot listen on %s:%d: %s"
              .formatted(settings.host(), settings.port(), refused.getMessage()),
          refused);
    }
  }

  /** The port it listens on, also when any free one was asked for. */
  public int port() {
    return server.actualPort();
  }

  /** What an OpenAI client takes as its base URL, such as {@code http://127.0.0.1:8090/v1}. */
  public String baseUrl() {
    return rootUrl() + "/v1";
  }

  /** What an Anthropic client takes as its base URL, and Azure's as its endpoint. */
  public String rootUrl() {
    return "http://" + reachableHost() + ":" + port();
  }

  /** What a Mistral client takes as its base URL. */
  public String mistralUrl() {
    return rootUrl() + "/mistral";
  }

  /** What an OpenAI client takes as its base URL to meet a vLLM server. */
  public String vllmUrl() {
    return rootUrl() + "/vllm/v1";
  }

  /** What each model does. */
  public ScriptBook scripts() {
    return scripts;
  }

  /** What each call cost. */
  public Invoice invoice() {
    return invoice;
  }

  /** Cuts every open connection and frees the port. */
  @Override
  public void close() {
    await(vertx.close());
  }

  private String reachableHost() {
    return settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
  }

  /** No class path scanning and no file cache: nothing is served from files. */
  private static VertxOptions oneLoop() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  /** No idle timeout, because a stalled stream must stay open for as long as the client likes. */
  private static HttpServerOptions httpOptions(SimSettings settings) {
    return new HttpServerOptions()
        .setHost(settings.host())
        .setPort(settings.port())
        .setTcpNoDelay(true)
        // Else the kernel takes megabytes of an answer that nobody reads, and calls them sent.
        .setSendBufferSize(256 << 10)
        .setAcceptBacklog(1024)
        .setMaxHeaderSize(16 << 10)
        .setMaxInitialLineLength(4 << 10)
        .setHandle100ContinueAutomatically(true)
        .setHttp2ClearTextEnabled(false);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException("not done within " + PATIENCE_SECONDS + " s", late);
    }
  }

  /** Runs until SIGTERM; settings come from the environment, see the module's README. */
  public static void main(String[] args) {
    LogLines.install();
    try {
      ProviderSim sim = start(SimSettings.fromEnvironment(System.getenv()));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sim), "shutdown"));
      LOG.log(Level.INFO, "listening baseUrl={0}", sim.baseUrl());
    } catch (SimSettings.BadSettings unfit) {
      exit(BAD_CONFIGURATION, unfit);
    } catch (IllegalStateException refused) {
      exit(FAILED, refused);
    }
  }

  /** Halts, because a JVM ended by SIGTERM would report 143 where supervisors expect 0. */
  private static void stop(ProviderSim sim) {
    sim.close();
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void exit(int code, Exception reason) {
    LOG.log(Level.SEVERE, "not started: {0}", reason.getMessage());
    System.exit(code);
  }
}
