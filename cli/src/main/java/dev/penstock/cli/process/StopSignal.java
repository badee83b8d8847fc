package dev.penstock.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;

/** How a process is asked to end. */
public enum StopSignal {
  TERMINATE,

  /** Postgres waits for its clients after SIGTERM, but ends at once, and cleanly, after SIGINT. */
  INTERRUPT;

  void send(ProcessHandle process) {
    switch (this) {
      case TERMINATE -> process.destroy();
      case INTERRUPT -> interrupt(process.pid());
    }
  }

  /** The JDK sends SIGTERM and SIGKILL only; every POSIX shell has {@code kill} built in. */
  private static void interrupt(long pid) {
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -INT " + pid).start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run /bin/sh", e);
    }
  }
}
