package dev.penstock.cli.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a process is started, and when it is ready.
 *
 * @param environment all that the process sees beside the basics ({@code PATH} and the like); what
 *     the user's shell holds does not reach it, so no stray provider key does
 */
public record ProcessSpec(
    Label label,
    List<String> command,
    Map<String, String> environment,
    Readiness readiness,
    StopSignal stopSignal,
    Path log) {

  /** What others see of a process: its name, what it is, and where it is reached. */
  public record Label(
      String name, String kind, @Nullable String region, @Nullable URI url, @Nullable URI opsUrl) {}

  public ProcessSpec {
    Objects.requireNonNull(label, "label");
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  public String name() {
    return label.name();
  }

  /** Environment variables hold secrets: they are named, not shown. */
  @Override
  public String toString() {
    return "%s %s with %s".formatted(label.name(), command, environment.keySet());
  }
}
