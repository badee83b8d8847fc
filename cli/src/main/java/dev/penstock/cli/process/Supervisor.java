package dev.penstock.cli.process;

import dev.penstock.cli.CommandFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Owns the processes of an installation: keeps the table current and reports deaths.
 *
 * <p>Ctrl-C in a terminal reaches the children at the same moment as ourselves, and one of them may
 * be gone before we know that all of it is ending. So a death is reported a moment later, and not
 * at all when {@link #closing()} was called meanwhile.
 */
public final class Supervisor {
  private static final Duration DOUBT = Duration.ofMillis(300);
  private static final Executor AFTER_DOUBT =
      CompletableFuture.delayedExecutor(DOUBT.toMillis(), TimeUnit.MILLISECONDS);

  private final ProcessTable table;
  private final Consumer<Death> onDeath;
  private final Map<String, ManagedProcess> processes = new LinkedHashMap<>();
  private volatile boolean closing;

  public Supervisor(ProcessTable table, Consumer<Death> onDeath) {
    this.table = table;
    this.onDeath = onDeath;
  }

  /** Starts a process that was not known before. */
  public ManagedProcess launch(ProcessSpec spec) {
    ManagedProcess process = new ManagedProcess(spec, new Watcher());
    synchronized (processes) {
      if (closing) {
        throw CommandFailure.failed("everything is being stopped.");
      }
      processes.put(spec.name(), process);
    }
    process.start();
    return process;
  }

  public List<ManagedProcess> all() {
    synchronized (processes) {
      return new ArrayList<>(processes.values());
    }
  }

  public ManagedProcess process(String name) {
    synchronized (processes) {
      ManagedProcess process = processes.get(name);
      if (process == null) {
        throw CommandFailure.usage(
            "there is no process %s (there are: %s)."
                .formatted(name, String.join(", ", processes.keySet())));
      }
      return process;
    }
  }

  /** From now on nothing is started, and an end is no longer news. */
  public void closing() {
    synchronized (processes) {
      closing = true;
    }
    all().forEach(ManagedProcess::retire);
  }

  private void writeTable() {
    synchronized (processes) {
      table.write(processes.values().stream().map(ProcessEntry::of).toList());
    }
  }

  private final class Watcher implements ManagedProcess.Watcher {
    @Override
    public void onChange() {
      writeTable();
    }

    @Override
    public void onDeath(Death death) {
      AFTER_DOUBT.execute(() -> {
        if (!closing) {
          onDeath.accept(death);
        }
      });
    }
  }
}
