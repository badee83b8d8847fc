package dev.penstock.benchmarks;

import dev.penstock.benchmarks.BenchRun.Instrument;
import dev.penstock.benchmarks.machine.MachineFacts;
import dev.penstock.benchmarks.machine.ProcessFigures;
import dev.penstock.benchmarks.report.Report;
import dev.penstock.benchmarks.target.Targets;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.installation.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./penstock bench}: measures, prints tables, writes JSON. */
@Command(
    name = "bench",
    description = "Measure what a stream costs through Penstock, nginx and a bare Vert.x pipe.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Bench implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", paramLabel = "FILE", description = "Write everything to this file.")
  @Nullable Path json;

  @Option(names = "--rounds", paramLabel = "N", description = "Interleaved rounds (default: 9).")
  @Nullable Integer rounds;

  @Option(names = "--quick", description = "A few seconds that show that all of it works.")
  boolean quick;

  @Option(
      names = "--targets",
      paramLabel = "NAME,…",
      split = ",",
      description =
          "Some of direct, nginx, pipe, penstock (default: these); translated: the same node for a client of another dialect than the provider's; guarded: the same node for a tenant with guards on answers; and crowd: Penstock among 10,000 tenants.")
  List<String> targets = Targets.STANDARD;

  @Option(
      names = "--only",
      paramLabel = "INSTRUMENT,…",
      split = ",",
      description =
          "Some of chunks, bursts, first-token, open-streams, stalled, look-up, guards, hold (default: all).")
  List<String> only = List.of();

  @Option(
      names = "--set",
      paramLabel = "KNOB=N",
      description = "Turn one knob, such as openStreams.streams=9000; repeatable.")
  List<String> turns = new ArrayList<>();

  @Option(
      names = "--port-base",
      paramLabel = "N",
      description = "Use the 100 ports from N on (default: 28400); with crowd, 200.")
  int portBase = 28_400;

  @Option(
      names = "--node-flag",
      paramLabel = "FLAG",
      description =
          "A further JVM flag for the Penstock node, such as -XX:StartFlightRecording:filename=node.jfr; repeatable.")
  List<String> nodeFlags = new ArrayList<>();

  private final Map<String, String> environment;
  private final long began = System.nanoTime();

  Bench(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  public static void main(String[] arguments) {
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  static CommandLine commandLine(Map<String, String> environment) {
    CommandLine bench = new CommandLine(new Bench(environment));
    bench.setExecutionExceptionHandler((failure, command, arguments) -> {
      command.getErr().println("penstock bench: " + told(failure));
      return failure instanceof CommandFailure known ? known.exitCode() : ExitCode.FAILED;
    });
    return bench;
  }

  private static @Nullable String told(Exception failure) {
    return failure instanceof CommandFailure || failure instanceof IllegalStateException
        ? failure.getMessage()
        : failure.toString();
  }

  @Override
  public Integer call() throws IOException {
    if (!ProcessFigures.available()) {
      throw CommandFailure.configuration("the benchmark reads /proc, which only Linux has.");
    }
    MachineFacts machine = MachineFacts.read();
    Settings settings = settings();
    Set<Instrument> instruments = instruments();
    requireKnownTargets();
    Targets started =
        new Targets(
            new Targets.Request(
                installation(), portBase, targets, settings.shapes(), nodeFlags, environment),
            this::say);
    Thread hook = new Thread(started::close, "stop everything");
    Runtime.getRuntime().addShutdownHook(hook);
    try (started) {
      started.start();
      Report report = new BenchRun(settings, instruments, started, this::say).measure(machine);
      if (json != null) {
        Files.writeString(json, report.json());
      }
      out().print(report.text());
      out().flush();
      return report.bad() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private Settings settings() {
    Settings settings = quick ? Settings.quick() : Settings.standard();
    if (rounds != null) {
      settings = settings.with("rounds=" + rounds);
    }
    for (String turn : turns) {
      settings = settings.with(turn);
    }
    return settings;
  }

  private void requireKnownTargets() {
    if (!Targets.NAMES.containsAll(targets)) {
      throw CommandFailure.usage(
          "--targets: %s (expected: some of %s)"
              .formatted(String.join(",", targets), String.join(", ", Targets.NAMES)));
    }
  }

  private Set<Instrument> instruments() {
    if (only.isEmpty()) {
      return EnumSet.allOf(Instrument.class);
    }
    Set<Instrument> chosen = EnumSet.noneOf(Instrument.class);
    for (Instrument instrument : Instrument.values()) {
      if (only.contains(instrument.word())) {
        chosen.add(instrument);
      }
    }
    if (chosen.size() != only.size()) {
      throw CommandFailure.usage(
          "--only: %s (expected: some of chunks, bursts, first-token, open-streams, stalled, look-up, guards, hold)"
              .formatted(only));
    }
    return chosen;
  }

  /** Beside the user's own installation, which is left alone. */
  private Installation installation() {
    Map<String, String> variables = new HashMap<>(environment);
    variables.computeIfAbsent("PENSTOCK_ROOT", name -> repositoryOfThisJar().toString());
    Installation users = Installation.locate(variables);
    return new Installation(users.repository(), users.state().resolve("bench"));
  }

  /**
   * {@code benchmarks/target/penstock-benchmarks.jar}, or {@code …/classes} in a test: three up.
   */
  private static Path repositoryOfThisJar() {
    try {
      Path code = Path.of(Bench.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return code.resolve("../../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no folder to start from", e);
    }
  }

  private void say(String sentence) {
    double seconds = (System.nanoTime() - began) / 1e9;
    out().println(String.format(Locale.ROOT, "  %6.1f s  %s", seconds, sentence));
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
