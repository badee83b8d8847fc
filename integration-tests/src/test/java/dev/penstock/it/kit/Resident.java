package dev.penstock.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of a process, from the kernel. */
public final class Resident {
  private static final String FIELD = "VmRSS:";

  private Resident() {}

  public static long kibibytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith(FIELD)) {
          return Long.parseLong(line.substring(FIELD.length()).replace("kB", "").strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no process " + pid, e);
    }
    throw new AssertionError("process " + pid + " has no " + FIELD);
  }
}
