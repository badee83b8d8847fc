package dev.penstock.cli.process;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Children of an {@code up} that was killed: nobody stopped them, so the next {@code up} does.
 *
 * <p>A process id may belong to somebody else by now. Only a process that started when the table
 * says it did is one of ours; the JDK derives that time from the boot time, which the clock's
 * corrections move a little, hence the tolerance.
 */
public final class Leftovers {
  private static final Duration TOLERANCE = Duration.ofSeconds(2);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private Leftovers() {}

  /** Ends them all, and answers their names. */
  public static List<String> stop(List<ProcessEntry> table) {
    List<ProcessEntry> alive = table.stream().filter(entry -> find(entry).isPresent()).toList();
    List<ProcessHandle> all =
        alive.stream()
            .flatMap(entry -> find(entry).stream())
            .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
            .toList();
    for (ProcessEntry entry : alive) {
      StopSignal signal =
          entry.kind().equals("postgres") ? StopSignal.INTERRUPT : StopSignal.TERMINATE;
      find(entry).ifPresent(signal::send);
    }
    Endings.await(all, GRACE);
    Endings.force(all.stream().filter(ProcessHandle::isAlive).toList());
    return alive.stream().map(ProcessEntry::name).toList();
  }

  private static Optional<ProcessHandle> find(ProcessEntry entry) {
    Long pid = entry.pid();
    String startedAt = entry.startedAt();
    if (pid == null || startedAt == null) {
      return Optional.empty();
    }
    return ProcessHandle.of(pid).filter(handle -> startedAt(handle, startedAt));
  }

  private static boolean startedAt(ProcessHandle handle, String expected) {
    try {
      Instant then = Instant.parse(expected);
      return handle
          .info()
          .startInstant()
          .map(start -> Duration.between(then, start).abs().compareTo(TOLERANCE) <= 0)
          .orElse(false);
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}
