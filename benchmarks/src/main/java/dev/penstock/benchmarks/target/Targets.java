package dev.penstock.benchmarks.target;

import dev.penstock.benchmarks.load.StreamShape;
import dev.penstock.cli.installation.Installation;
import dev.penstock.cli.installation.NodePlan;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.installation.Ports;
import dev.penstock.cli.process.Death;
import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.cli.up.Progress;
import dev.penstock.cli.up.Stack;
import dev.penstock.cli.up.StackOptions;
import dev.penstock.cli.up.StackOptions.Console;
import dev.penstock.cli.up.StackOptions.Data;
import dev.penstock.cli.up.StackOptions.Tuning;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts what is compared, and leaves nothing behind. */
public final class Targets implements AutoCloseable {
  /** Those of a run that names none, in the order of tables. */
  public static final List<String> STANDARD = List.of("direct", "nginx", "pipe", "penstock");

  /** Every target by name. */
  public static final List<String> NAMES =
      List.of("direct", "nginx", "pipe", "penstock", "translated", "guarded", "crowd");

  private static final Set<String> OF_ONE_NODE = Set.of("penstock", "translated", "guarded");
  private static final String NODE = "eu-west-1";
  private static final String LONE_KEY = "sk-bench";
  private static final int NGINX_PORT = 60;
  private static final int PIPE_PORT = 61;
  private static final int PORTS = 100;

  private final Request request;
  private final Consumer<String> progress;
  private final @Nullable Stack stack;
  private final @Nullable Stack crowdedStack;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Target> all = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable Simulator simulator;
  private @Nullable Penstock penstock;

  /**
   * What to start.
   *
   * @param targets their names; without Penstock among them, only the simulator is started
   * @param nodeFlags further flags for the node's JVM, such as one that records a profile
   */
  public record Request(
      Installation installation,
      int portBase,
      List<String> targets,
      List<StreamShape> shapes,
      List<String> nodeFlags,
      Map<String, String> environment) {
    public Request {
      targets = List.copyOf(targets);
      shapes = List.copyOf(shapes);
      nodeFlags = List.copyOf(nodeFlags);
      environment = Map.copyOf(environment);
    }
  }

  public Targets(Request request, Consumer<String> progress) {
    this.request = request;
    this.progress = progress;
    this.stack =
        request.targets().stream().anyMatch(OF_ONE_NODE::contains)
            ? new Stack(options(request), new Told())
            : null;
    this.crowdedStack =
        request.targets().contains("crowd") ? new Stack(crowdedOptions(request), new Told()) : null;
  }

  public void start() {
    Path folder = OwnerOnly.folder(request.installation().state().resolve("targets"));
    Direct direct = stack == null ? startSimulator(folder) : startInstallation(stack);
    for (String name : request.targets()) {
      switch (name) {
        case "direct" -> all.add(direct);
        case "nginx" -> addNginx(direct, folder);
        case "pipe" ->
            all.add(opened(new Pipe(address(request.portBase() + PIPE_PORT), direct, folder)));
        case "penstock" -> all.add(penstock());
        case "translated" -> all.add(penstock().translated());
        case "guarded" -> all.add(penstock().guarded());
        case "crowd" -> all.add(startCrowd(Objects.requireNonNull(crowdedStack)));
        default -> throw new IllegalArgumentException("no such target: " + name);
      }
    }
  }

  /** One node, whatever is asked of it. */
  private Penstock penstock() {
    if (penstock == null) {
      penstock = new Penstock("penstock", Objects.requireNonNull(stack), NODE, request.shapes());
    }
    return penstock;
  }

  /** Its node calls the simulator of its own installation, which costs the same as the other. */
  private Penstock startCrowd(Stack installation) {
    installation.start();
    Crowd.move(crowdedInstallation(request), crowdedPorts(request), installation);
    progress.accept(
        "%d tenants with %d keys have moved in"
            .formatted(Crowd.TENANTS, Crowd.TENANTS * Crowd.KEYS_PER_TENANT));
    return new Penstock("crowd", installation, NODE, request.shapes());
  }

  private Direct startInstallation(Stack installation) {
    installation.start();
    ManagedProcess process = installation.process("provider-sim");
    URI url = Objects.requireNonNull(process.spec().label().url(), "url");
    simulator = new Simulator(url, List.of(process.pid()));
    String key = installation.environment().get("PENSTOCK_SIMULATOR_KEY");
    return new Direct(address(url.getPort()), Objects.requireNonNull(key, "key"));
  }

  /** The same program with the same heap, without an installation around it. */
  private Direct startSimulator(Path folder) {
    int port = Ports.from(request.portBase()).simulator();
    Path jar =
        request
            .installation()
            .repository()
            .resolve("provider-sim/target/penstock-provider-sim.jar");
    Child child =
        opened(
            new Child(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Xmx512m",
                    "-jar",
                    jar.toString()),
                Map.of(
                    "PENSTOCK_BIND_HOST",
                    "127.0.0.1",
                    "PENSTOCK_SIM_PORT",
                    Integer.toString(port),
                    "PENSTOCK_SIM_API_KEYS",
                    LONE_KEY),
                folder.resolve("provider-sim.log")));
    child.start();
    simulator = new Simulator(URI.create("http://127.0.0.1:" + port), child.processes());
    return new Direct(address(port), LONE_KEY);
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private void addNginx(Direct direct, Path folder) {
    Optional<Path> program = Nginx.find(request.environment().getOrDefault("PATH", ""));
    if (program.isEmpty()) {
      notes.add("nginx is not installed (not on PATH): its row and all ratios to it are left out.");
      progress.accept(notes.getLast());
      return;
    }
    InetSocketAddress address = address(request.portBase() + NGINX_PORT);
    all.add(opened(new Nginx(program.get(), address, direct, folder)));
  }

  public List<Target> all() {
    return List.copyOf(all);
  }

  /** What the reader of the figures has to know. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  public Simulator simulator() {
    return Objects.requireNonNull(simulator, "not started");
  }

  @Override
  public void close() {
    for (AutoCloseable target : opened) {
      try {
        target.close();
      } catch (Exception e) {
        progress.accept("could not stop " + target + ": " + e.getMessage());
      }
    }
    if (stack != null) {
      stack.close();
    }
    if (crowdedStack != null) {
      crowdedStack.close();
    }
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress("127.0.0.1", port);
  }

  private static StackOptions options(Request request) {
    return options(request, request.installation(), Ports.from(request.portBase()));
  }

  private static StackOptions crowdedOptions(Request request) {
    return options(request, crowdedInstallation(request), crowdedPorts(request))
        .withTuning("control-plane", new Tuning(List.of("-Xmx2g"), Map.of()));
  }

  private static Installation crowdedInstallation(Request request) {
    Installation beside = request.installation();
    return new Installation(beside.repository(), beside.state().resolve("crowd"));
  }

  private static Ports crowdedPorts(Request request) {
    return Ports.from(request.portBase() + PORTS);
  }

  private static StackOptions options(Request request, Installation installation, Ports ports) {
    return StackOptions.standard(installation)
        .withPorts(ports)
        .withNodes(NodePlan.parse("eu-west=1"))
        .withData(Data.WIPED)
        .withConsole(Console.LEFT_OUT)
        .withTuning(NODE, new Tuning(request.nodeFlags(), Map.of("PENSTOCK_EVENT_LOOPS", "1")));
  }

  private final class Told implements Progress {
    @Override
    public void step(String sentence) {
      progress.accept(sentence);
    }

    @Override
    public void died(Death death) {
      notes.add(death.name() + " died with exit code " + death.exitCode());
      progress.accept(death.report());
    }
  }
}
