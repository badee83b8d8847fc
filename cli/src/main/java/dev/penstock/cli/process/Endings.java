package dev.penstock.cli.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for processes that are not our direct children. */
final class Endings {
  /**
   * A dead process whose adopter does not reap it looks alive for ever, so no wait is unbounded.
   */
  private static final Duration AFTER_SIGKILL = Duration.ofSeconds(5);

  private Endings() {}

  /**
   * SIGKILL, and a wait until they are gone: a server cannot start again while a child of its
   * predecessor holds its memory or its port.
   */
  static void force(List<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroyForcibly);
    await(processes, AFTER_SIGKILL);
  }

  /** Waits until all of them are gone, but no longer than this. */
  static void await(List<ProcessHandle> processes, Duration patience) {
    CompletableFuture.allOf(
            processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }
}
