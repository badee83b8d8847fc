package dev.penstock.cli.process;

import java.time.Instant;

/**
 * Where a process is in its life.
 *
 * <pre>
 *   Stopped --start--> Running --stop, kill--> Stopped
 *                      Running --(ends by itself)--> Died --start--> Running
 * </pre>
 */
public sealed interface ProcessState {
  /** Started; whether it is ready is another question. */
  record Running(long pid, Instant startedAt) implements ProcessState {}

  /** Not started yet, or ended because it was told to. */
  record Stopped() implements ProcessState {}

  /** Ended without being told to. Stays down until somebody starts it. */
  record Died(int exitCode) implements ProcessState {}

  default String word() {
    return switch (this) {
      case Running running -> "running";
      case Stopped stopped -> "stopped";
      case Died died -> "died (" + died.exitCode() + ")";
    };
  }
}
