package dev.penstock.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that was run to its end.
 *
 * @param output what it wrote to either stream
 */
public record Command(int exitCode, String output) {
  /** Runs {@code ./penstock}, which does not look whether sources are newer than what is built. */
  public static Command penstock(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Repository.root().resolve("penstock").toString());
    command.addAll(List.of(arguments));
    return run(Repository.root(), environment, command);
  }

  public static Command run(Path folder, Map<String, String> environment, List<String> command) {
    Process process = start(folder, environment, command);
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(Patience.FOR_A_START.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      return new Command(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(command.getFirst(), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A variable whose value is empty is taken away. */
  public static Process start(Path folder, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile());
    Map<String, String> all = builder.environment();
    all.put("PENSTOCK_BUILD", "never");
    all.putAll(environment);
    all.values().removeIf(String::isEmpty);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(command.getFirst(), e);
    }
  }
}
