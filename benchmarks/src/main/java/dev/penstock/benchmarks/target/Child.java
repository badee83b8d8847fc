package dev.penstock.benchmarks.target;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that the bench starts itself, with its children. */
final class Child implements AutoCloseable {
  private static final int GRACE_SECONDS = 5;

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private @Nullable Process process;

  Child(List<String> command, Path log) {
    this(command, Map.of(), log);
  }

  /** With these variables beside our own. */
  Child(List<String> command, Map<String, String> environment, Path log) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.log = log;
  }

  void start() {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(true);
    builder.redirectOutput(Redirect.appendTo(log.toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.getFirst(), e);
    }
  }

  List<Long> processes() {
    Process running = process;
    if (running == null) {
      return List.of();
    }
    List<Long> all = new ArrayList<>();
    all.add(running.pid());
    running.descendants().forEach(child -> all.add(child.pid()));
    return List.copyOf(all);
  }

  @Override
  public void close() {
    Process running = process;
    if (running == null) {
      return;
    }
    process = null;
    List<ProcessHandle> children = running.descendants().toList();
    running.destroy();
    try {
      if (!running.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
