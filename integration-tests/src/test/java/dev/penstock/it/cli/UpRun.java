package dev.penstock.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ./penstock up} in a terminal of its own, with a state folder and ports of its own. */
final class UpRun {

  private final Path state;
  private final int portBase;
  private final StringBuffer output = new StringBuffer();
  private @Nullable Process process;

  UpRun(String name, int portBase) {
    state = Repository.scratch(name);
    this.portBase = portBase;
    try {
      Files.createDirectories(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path state() {
    return state;
  }

  /** All that it has said since it was started last. */
  String output() {
    return output.toString();
  }

  void start(String... further) {
    output.setLength(0);
    List<String> command = new ArrayList<>();
    command.add(Repository.root().resolve("penstock").toString());
    command.addAll(List.of("up", "--port-base", Integer.toString(portBase)));
    command.addAll(List.of(further));
    Process started = Command.start(Repository.root(), stateVariable(), command);
    process = started;
    Thread.ofPlatform().daemon().start(() -> read(started));
  }

  void awaitUp() {
    await()
        .atMost(Patience.FOR_A_START)
        .failFast(() -> assertThat(running().isAlive()).as(output()).isTrue())
        .untilAsserted(() -> assertThat(output()).contains("Penstock is up."));
  }

  /** What a shell would source. */
  Map<String, String> environment() throws IOException {
    Map<String, String> variables = new HashMap<>();
    for (String line : Files.readAllLines(state.resolve("env"))) {
      int equals = line.indexOf('=');
      variables.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return variables;
  }

  Command penstock(String... arguments) {
    return Command.penstock(stateVariable(), arguments);
  }

  /** The process id that {@code processes.json} gives. */
  long pid(String name) {
    try {
      for (JsonNode entry : Json.parse(Files.readString(state.resolve("processes.json")))) {
        if (entry.path("name").asText().equals(name)) {
          return entry.path("pid").asLong();
        }
      }
      throw new AssertionError("no process " + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<ProcessHandle> children() {
    return running().descendants().toList();
  }

  /** Sends SIGTERM and answers the exit code. */
  int terminate() {
    Process ending = running();
    ending.destroy();
    try {
      if (!ending.waitFor(Patience.FOR_AN_ANSWER.toSeconds(), TimeUnit.SECONDS)) {
        ending.descendants().forEach(ProcessHandle::destroyForcibly);
        ending.destroyForcibly();
        throw new AssertionError("it does not end: " + output);
      }
      return ending.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Process running() {
    Process started = process;
    if (started == null) {
      throw new AssertionError("not started");
    }
    return started;
  }

  private void read(Process from) {
    try (var reader = from.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        output.append(line).append('\n');
      }
    } catch (IOException e) {
      return; // it has ended
    }
  }

  private Map<String, String> stateVariable() {
    return Map.of("PENSTOCK_STATE_DIR", state.toString());
  }
}
