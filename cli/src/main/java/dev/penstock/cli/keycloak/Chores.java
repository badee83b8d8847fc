package dev.penstock.cli.keycloak;

import dev.penstock.cli.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one program after the other to its end, until somebody says that nobody waits any more. */
public final class Chores implements AutoCloseable {
  private static final int TAIL = 400;

  private final Object lock = new Object();
  private @Nullable Process running;
  private boolean closed;

  /** Runs a program in a folder; fails with its last words. */
  void run(Path folder, List<String> command) {
    try {
      Process process = launch(folder, command);
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw CommandFailure.failed(
            "`%s` ended with %d: %s"
                .formatted(
                    command.getFirst(),
                    code,
                    output.substring(Math.max(0, output.length() - TAIL))));
      }
    } catch (IOException e) {
      throw CommandFailure.failed(
          "cannot run `%s`: %s".formatted(command.getFirst(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted");
    }
  }

  private Process launch(Path folder, List<String> command) throws IOException {
    synchronized (lock) {
      if (closed) {
        throw CommandFailure.failed("everything is being stopped.");
      }
      Process started =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      running = started;
      return started;
    }
  }

  /** Ends what runs, and its children; nothing is run any more. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (running != null) {
        running.descendants().forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly();
      }
    }
  }
}
