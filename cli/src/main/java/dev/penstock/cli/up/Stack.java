package dev.penstock.cli.up;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.installation.EnvFile;
import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.NodeName;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.installation.Ports.NodePorts;
import dev.penstock.cli.installation.SecretFiles;
import dev.penstock.cli.manifest.Manifest;
import dev.penstock.cli.pki.DevelopmentPki;
import dev.penstock.cli.postgres.PostgresCluster;
import dev.penstock.cli.process.ControlSocket;
import dev.penstock.cli.process.Leftovers;
import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.cli.process.ProcessTable;
import dev.penstock.cli.process.Readiness;
import dev.penstock.cli.process.Supervisor;
import dev.penstock.cli.up.StackOptions.Console;
import dev.penstock.cli.up.StackOptions.Data;
import dev.penstock.cli.up.StackOptions.Sso;
import dev.penstock.cli.up.StackOptions.Upstream;
import dev.penstock.migrations.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * A whole installation: every process of it is a child of this JVM.
 *
 * <p>{@link #start()} answers when the main job works, that is, when a node accepts the
 * quickstart's API key. {@link #close()} leaves no process behind, may be called at any time and
 * from any thread, also while another thread is still starting.
 *
 * <p>Two things start at once and meet in the control plane: the database, and everything that does
 * not need one. Nodes are up long before there is a control plane, and connect when it is there.
 */
public final class Stack implements AutoCloseable {
  /**
   * Long, for a busy machine: a process that ends is noticed at once, only a hung one costs this.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration PATIENCE_AFTER_START = Duration.ofMinutes(2);

  /** Flyway tells at length what it does; on this terminal only what stops it is of use. */
  private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

  private final StackOptions options;
  private final Installation installation;
  private final Progress progress;
  private final SecretFiles secrets;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final Programs programs;
  private final Supervisor supervisor;
  private final DevelopmentPki pki;
  private final NodeTokens tokens;
  private final Quickstart quickstart;
  private final SingleSignOn sso;

  private @Nullable InstallationLock lock;
  private @Nullable ControlSocket control;
  private volatile boolean closed;
  private volatile Map<String, String> environment = Map.of();

  public Stack(StackOptions options, Progress progress) {
    this.options = options;
    this.installation = options.installation();
    this.progress = progress;
    this.secrets = new SecretFiles(installation);
    this.programs = new Programs(options, http);
    this.pki = new DevelopmentPki(installation.pki(), InstantSource.system());
    this.tokens = new NodeTokens(installation);
    this.supervisor = new Supervisor(new ProcessTable(installation.processTable()), progress::died);
    this.quickstart = new Quickstart(options);
    this.sso = new SingleSignOn(options, programs, supervisor, progress);
  }

  /** For tests: an installation that runs, or an exception and nothing left behind. */
  public static Stack start(StackOptions options) {
    Stack stack = new Stack(options, Progress.SILENT);
    try {
      stack.start();
      return stack;
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  public void start() {
    occupy();
    List<Manifest> manifests = quickstart.manifests();
    Background<PostgresCluster> database = Background.run("database", this::startDatabase);
    pki.root(); // made here, not by two at once
    startSimulator();
    List<ManagedProcess> nodes = startNodes();
    startControlPlane(database.await());
    Background<Boolean> joining = Background.run("join tokens", this::handTokens);
    quickstart.apply(admin(), manifests);
    progress.step("quickstart applied");
    joining.await();
    nodes.forEach(this::awaitReady);
    awaitGateway(nodes.getFirst());
    publish();
    if (options.console() == Console.STARTED && options.sso() == Sso.LEFT_OUT) {
      awaitReady(supervisor.launch(programs.console()));
      publish();
    }
  }

  /**
   * Starts single sign-on, unless it is to be left out, and the console with it, which lets nobody
   * in without. Answers at once. Of use when {@link #start()} has answered; the variables of both
   * are published when they are served.
   *
   * @return whether they are there, once that is known
   */
  public CompletableFuture<Boolean> startSso() {
    return options.sso() == Sso.STARTED
        ? sso.start(this::publish).result()
        : CompletableFuture.completedFuture(false);
  }

  public ManagedProcess process(String name) {
    return supervisor.process(name);
  }

  /** Starts a process again; a node whose certificate has expired meanwhile gets another token. */
  void start(ManagedProcess process) {
    options.nodes().nodes().stream()
        .filter(node -> node.toString().equals(process.name()))
        .forEach(this::handToken);
    process.start();
  }

  private void handToken(NodeName node) {
    try {
      tokens.hand(node, pki, admin());
    } catch (CommandFailure away) {
      // The control plane is not there. A node whose certificate is good starts without it.
      progress.step(node + " gets no join token: " + away.getMessage());
    }
  }

  public List<ManagedProcess> processes() {
    return supervisor.all();
  }

  /** What stands in {@code .penstock/env}. */
  public Map<String, String> environment() {
    return environment;
  }

  public AdminClient admin() {
    return new AdminClient(
        http,
        URI.create("http://127.0.0.1:" + options.ports().admin()),
        secrets.read(secrets.token("admin-token")));
  }

  @Override
  public void close() {
    closed = true;
    supervisor.closing();
    sso.close();
    synchronized (this) {
      InstallationLock held = lock;
      if (held == null) {
        return;
      }
      new EnvFile(installation).remove();
      if (control != null) {
        control.close();
      }
      stopAll();
      remove(installation);
      http.close();
      held.close();
      lock = null;
    }
  }

  /** Makes the state folder ours, and clean of what a killed run left. */
  private synchronized void occupy() {
    if (closed) {
      throw CommandFailure.failed("stopped before it started.");
    }
    lock = InstallationLock.acquire(installation);
    new EnvFile(installation).remove();
    List<String> left = Leftovers.stop(new ProcessTable(installation.processTable()).read());
    if (!left.isEmpty()) {
      progress.step("stopped what an earlier run had left: " + String.join(", ", left));
    }
    if (options.data() == Data.WIPED) {
      OwnerOnly.wipe(installation.postgres());
      OwnerOnly.wipe(installation.nodes());
      OwnerOnly.wipe(installation.sso());
      OwnerOnly.wipe(installation.secrets());
    }
    requireFreePorts();
    control = ControlSocket.open(installation, new StackOrders(this, PATIENCE_AFTER_START));
  }

  private void requireFreePorts() {
    Ports ports = options.ports();
    PortCheck check =
        new PortCheck()
            .want(ports.postgres(), "Postgres")
            .want(ports.admin(), "the control plane's admin API")
            .want(ports.grpc(), "the control plane's gRPC");
    if (options.upstream() == Upstream.SIMULATOR) {
      check.want(ports.simulator(), "the provider simulator");
    }
    List<NodeName> nodes = options.nodes().nodes();
    for (int index = 0; index < nodes.size(); index++) {
      NodePorts node = ports.node(index);
      check.want(node.traffic(), "node " + nodes.get(index) + " for traffic");
      check.want(node.ops(), "node " + nodes.get(index) + " for health and metrics");
    }
    if (options.console() == Console.STARTED) {
      check.want(ports.console(), "the console");
    }
    if (options.sso() == Sso.STARTED) {
      check.want(ports.sso(), "single sign-on (--no-sso leaves it out)");
    }
    check.requireAllFree();
  }

  private PostgresCluster startDatabase() {
    String adminPassword = secrets.read(secrets.token("db-admin-password"));
    PostgresCluster cluster =
        new PostgresCluster(
            installation.tools(),
            installation.postgres().resolve("data"),
            options.ports().postgres(),
            adminPassword);
    cluster.initialise();
    awaitReady(supervisor.launch(programs.postgres(cluster)));
    cluster.createDatabase();
    FLYWAY.setLevel(Level.SEVERE);
    try {
      Migrations.run(
          cluster.url(),
          PostgresCluster.ADMIN_USER,
          adminPassword,
          secrets.read(secrets.token("db-app-password")));
    } catch (SQLException | FlywayException e) {
      throw CommandFailure.failed("the database could not be migrated: " + e.getMessage());
    }
    progress.step("database migrated");
    return cluster;
  }

  private void startSimulator() {
    if (options.upstream() == Upstream.SIMULATOR) {
      supervisor.launch(programs.simulator());
    }
  }

  private boolean handTokens() {
    options.nodes().nodes().forEach(node -> tokens.hand(node, pki, admin()));
    return true;
  }

  private List<ManagedProcess> startNodes() {
    List<ManagedProcess> nodes = new ArrayList<>();
    for (NodeName node : options.nodes().nodes()) {
      NodePorts ports = options.ports().node(nodes.size());
      tokens.forget(node);
      nodes.add(supervisor.launch(programs.node(node, ports, pki)));
    }
    if (nodes.isEmpty()) {
      throw CommandFailure.usage("--nodes: no node at all (expected: at least one)");
    }
    return nodes;
  }

  private void startControlPlane(PostgresCluster cluster) {
    awaitReady(supervisor.launch(programs.controlPlane(cluster, pki)));
  }

  private void awaitReady(ManagedProcess process) {
    process.awaitReady(PATIENCE);
    progress.step(process.name() + " is ready");
  }

  /** Ready is a node that has a snapshot; this one must also have the key that we hand out. */
  private void awaitGateway(ManagedProcess node) {
    Entry entry = Entry.of(node);
    Readiness accepted =
        Readiness.of(
            http,
            URI.create(node.spec().label().url() + "/v1/models"),
            Map.of("Authorization", "Bearer " + key(entry)),
            lists(entry.model()));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!accepted.isReady()) {
      if (closed) {
        throw CommandFailure.failed("stopped while starting.");
      }
      if (System.nanoTime() > deadline) {
        throw CommandFailure.failed(
            "%s does not serve the model %s to the key %s of %s; its log: %s"
                .formatted(
                    node.name(), entry.model(), entry.key(), entry.tenant(), node.spec().log()));
      }
      Background.pause();
    }
  }

  private static Predicate<String> lists(String model) {
    return body -> body.contains("\"" + model + "\"");
  }

  private String key(Entry entry) {
    return quickstart.key(entry.tenant(), entry.key());
  }

  private synchronized void publish() {
    if (closed) {
      throw CommandFailure.failed("stopped while starting.");
    }
    ManagedProcess node =
        supervisor.all().stream()
            .filter(process -> isOneOf(process, Programs.DATA_PLANE))
            .findFirst()
            .orElseThrow();
    Entry entry = Entry.of(node);
    environment =
        new Served(supervisor.all().stream().map(process -> process.spec().label()).toList())
            .variables(
                entry.model(),
                key(entry),
                secrets.read(secrets.token("admin-token")),
                simulatorKey(),
                secrets.find("sso-password"));
    new EnvFile(installation).write(environment);
  }

  private @Nullable String simulatorKey() {
    return options.upstream() == Upstream.SIMULATOR
        ? secrets.read(secrets.token("simulator-key"))
        : null;
  }

  /** Nodes first, while somebody can still take their last usage; the database last. */
  private void stopAll() {
    stop(process -> !isOneOf(process, Programs.CONTROL_PLANE, Programs.POSTGRES));
    stop(process -> isOneOf(process, Programs.CONTROL_PLANE));
    stop(process -> true);
  }

  private void stop(Predicate<ManagedProcess> which) {
    List<Background<Boolean>> endings =
        supervisor.all().stream()
            .filter(which)
            .map(process ->
                Background.run(
                    "stop " + process.name(),
                    () -> {
                      process.stop();
                      return true;
                    }))
            .toList();
    endings.forEach(Background::await);
  }

  private static boolean isOneOf(ManagedProcess process, String... kinds) {
    return List.of(kinds).contains(process.spec().label().kind());
  }

  private static void remove(Installation installation) {
    try {
      Files.deleteIfExists(installation.processTable());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + installation.processTable(), e);
    }
  }
}
