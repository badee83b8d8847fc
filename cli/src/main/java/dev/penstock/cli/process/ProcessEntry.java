package dev.penstock.cli.process;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code processes.json}.
 *
 * @param pid none while it does not run
 * @param startedAt when the process with this pid started, so that a reader can tell it from a
 *     later one with the same number
 */
@JsonPropertyOrder({"name", "kind", "region", "pid", "url", "opsUrl", "log", "state", "startedAt"})
public record ProcessEntry(
    String name,
    String kind,
    @Nullable String region,
    @Nullable Long pid,
    @Nullable String url,
    @Nullable String opsUrl,
    String log,
    String state,
    @Nullable String startedAt) {

  static ProcessEntry of(ManagedProcess process) {
    ProcessSpec.Label label = process.spec().label();
    ProcessState state = process.state();
    ProcessState.@Nullable Running running = state instanceof ProcessState.Running now ? now : null;
    return new ProcessEntry(
        label.name(),
        label.kind(),
        label.region(),
        running == null ? null : running.pid(),
        text(label.url()),
        text(label.opsUrl()),
        process.spec().log().toString(),
        state.word(),
        running == null ? null : running.startedAt().toString());
  }

  private static @Nullable String text(@Nullable URI address) {
    return address == null ? null : address.toString();
  }
}
