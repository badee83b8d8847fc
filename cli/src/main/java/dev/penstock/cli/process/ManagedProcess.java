package dev.penstock.cli.process;

import dev.penstock.cli.CommandFailure;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One process over time: it can be started again after it ended. Any thread may call; a start, a
 * stop and the news of an end never overlap.
 */
public final class ManagedProcess {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int LINES_OF_A_DEATH = 12;
  private static final long POLL_MILLIS = 25;
  private static final Set<String> INHERITED =
      Set.of(
          "PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME", "LD_LIBRARY_PATH");

  private final ProcessSpec spec;
  private final Watcher watcher;
  private final LogFile log;

  private volatile ProcessState state = new ProcessState.Stopped();
  private @Nullable Process process;
  private boolean toldToEnd;
  private boolean retired;
  private volatile long logStart;

  /** Who wants to know when a process changes. */
  interface Watcher {
    /** Called before anybody who waits for the change goes on, with this process locked. */
    void onChange();

    void onDeath(Death death);
  }

  ManagedProcess(ProcessSpec spec, Watcher watcher) {
    this.spec = spec;
    this.watcher = watcher;
    this.log = new LogFile(spec.log());
    log.begin();
  }

  public String name() {
    return spec.name();
  }

  public ProcessSpec spec() {
    return spec;
  }

  public ProcessState state() {
    return state;
  }

  /** The process id; a process that does not run has none. */
  public long pid() {
    return switch (state()) {
      case ProcessState.Running running -> running.pid();
      case ProcessState.Stopped stopped -> throw notRunning();
      case ProcessState.Died died -> throw notRunning();
    };
  }

  public boolean isRunning() {
    return state() instanceof ProcessState.Running;
  }

  /** Starts it, and does not wait for it to be ready. */
  public void start() {
    synchronized (this) {
      if (retired) {
        throw CommandFailure.failed("everything is being stopped.");
      }
      if (state instanceof ProcessState.Running) {
        throw CommandFailure.failed(name() + " is running already.");
      }
      logStart = log.length();
      toldToEnd = false;
      Process started = launch();
      process = started;
      state =
          new ProcessState.Running(
              started.pid(), started.info().startInstant().orElseGet(Instant::now));
      watcher.onChange();
      started.onExit().thenAccept(this::onExit);
    }
  }

  /** From now on it is never started again. */
  synchronized void retire() {
    retired = true;
  }

  /** Waits until it does its job; fails when it ends before, or takes longer than this. */
  public void awaitReady(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!spec.readiness().isReady()) {
      if (!isRunning()) {
        throw CommandFailure.failed(ending().report());
      }
      if (System.nanoTime() > deadline) {
        throw CommandFailure.failed(
            "%s was not ready after %d s; its log: %s"
                .formatted(name(), patience.toSeconds(), log.path()));
      }
      pause();
    }
  }

  /** Asks it to end, waits, and insists after ten seconds. A process that does not run is fine. */
  public void stop() {
    end(spec.stopSignal()::send);
  }

  /** SIGKILL: no chance to say goodbye. */
  public void kill() {
    end(ProcessHandle::destroyForcibly);
  }

  private void end(java.util.function.Consumer<ProcessHandle> signal) {
    Process ending;
    List<ProcessHandle> descendants;
    synchronized (this) {
      if (!(state instanceof ProcessState.Running) || process == null) {
        return;
      }
      toldToEnd = true;
      ending = process;
      descendants = ending.descendants().toList();
      signal.accept(ending.toHandle());
    }
    awaitEnd(ending);
    Endings.force(descendants);
    onExit(ending);
  }

  private static void awaitEnd(Process ending) {
    try {
      if (!ending.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        ending.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      ending.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Comes from the one who ended it and from the JDK's watcher thread; the first one counts. */
  private void onExit(Process ended) {
    @Nullable Death death;
    synchronized (this) {
      if (process != ended) {
        return;
      }
      process = null;
      death = toldToEnd ? null : ending(ended.exitValue());
      state = toldToEnd ? new ProcessState.Stopped() : new ProcessState.Died(ended.exitValue());
      watcher.onChange();
    }
    if (death != null) {
      watcher.onDeath(death);
    }
  }

  private Death ending() {
    return ending(state instanceof ProcessState.Died died ? died.exitCode() : 0);
  }

  private Death ending(int exitCode) {
    return new Death(name(), exitCode, log.lastLines(LINES_OF_A_DEATH, logStart), log.path());
  }

  private Process launch() {
    ProcessBuilder builder = new ProcessBuilder(spec.command());
    Map<String, String> environment = builder.environment();
    Map<String, String> basics =
        environment.entrySet().stream()
            .filter(variable -> INHERITED.contains(variable.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    environment.clear();
    environment.putAll(basics);
    environment.putAll(spec.environment());
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(true);
    builder.redirectOutput(Redirect.appendTo(log.path().toFile()));
    try {
      return builder.start();
    } catch (IOException e) {
      throw CommandFailure.failed("cannot start %s: %s".formatted(name(), e.getMessage()));
    }
  }

  private CommandFailure notRunning() {
    return CommandFailure.failed(name() + " is not running.");
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted");
    }
  }
}
