package dev.penstock.benchmarks.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the figures were taken on, and how busy it was with other things. */
public record MachineFacts(
    String processor,
    int cores,
    long memoryMib,
    String kernel,
    String java,
    double loadAverageBefore) {

  public static MachineFacts read() {
    return new MachineFacts(
        value("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        memoryMib(value("/proc/meminfo", "MemTotal")),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        loadAverage());
  }

  /** Runnable threads of the last minute; well above what we start means that others disturb. */
  public static double loadAverage() {
    String text = first(Path.of("/proc/loadavg"));
    return text.isEmpty() ? -1 : Double.parseDouble(text.split(" ", 2)[0]);
  }

  private static long memoryMib(String text) {
    String number = text.replace("kB", "").strip();
    return number.matches("\\d+") ? Long.parseLong(number) / 1024 : 0;
  }

  private static String value(String file, String key) {
    return lines(Path.of(file)).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String first(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of(); // a machine that does not tell is a fact as well
    }
  }
}
