package dev.penstock.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel says that processes have used: {@code /proc/PID/stat} and {@code status}. */
public final class ProcessFigures {
  /** USER_HZ: 100 on every Linux that Java runs on, whatever the kernel's own tick is. */
  private static final double TICKS_PER_SECOND = 100;

  /**
   * Fields after the name in brackets, counted from 0: state is 0, so utime and stime are these.
   */
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;

  private ProcessFigures() {}

  /** Whether this system has what is read here. */
  public static boolean available() {
    return Files.isReadable(Path.of("/proc/self/stat"));
  }

  /** User and system time that these processes have used since they began, ended threads too. */
  public static double cpuSeconds(List<Long> processes) {
    return processes.stream().mapToDouble(ProcessFigures::cpuSeconds).sum();
  }

  public static double cpuSeconds(long process) {
    String text = read(process, "stat");
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    return ticks / TICKS_PER_SECOND;
  }

  /** Resident memory of these processes together. */
  public static Memory memory(List<Long> processes) {
    return processes.stream().map(ProcessFigures::memory).reduce(Memory.NONE, Memory::plus);
  }

  private static Memory memory(long process) {
    String text = read(process, "status");
    return new Memory(kibibytes(text, "VmRSS:"), kibibytes(text, "RssAnon:"));
  }

  private static long kibibytes(String text, String key) {
    int at = text.indexOf("\n" + key);
    if (at < 0) {
      return 0; // a kernel thread, or a process that has just ended
    }
    int value = at + 1 + key.length();
    return Long.parseLong(text.substring(value, text.indexOf("kB", value)).strip());
  }

  private static String read(long process, String file) {
    Path path = Path.of("/proc", Long.toString(process), file);
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException("process " + process + " is gone", e);
    }
  }

  /** KiB resident in all, and without what files back. */
  public record Memory(long residentKib, long anonymousKib) {
    static final Memory NONE = new Memory(0, 0);

    Memory plus(Memory other) {
      return new Memory(residentKib + other.residentKib, anonymousKib + other.anonymousKib);
    }
  }
}
