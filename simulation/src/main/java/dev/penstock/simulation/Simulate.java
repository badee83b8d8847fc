package dev.penstock.simulation;

import dev.penstock.simulation.Run.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/**
 * {@code simulate --seeds N [--seed-start S] [--json FILE]}: runs seeds, and says what they found.
 */
public final class Simulate {

  private static final int USAGE = 64;
  private static final int SHOWN = 10;

  private Simulate() {}

  /** The program. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.out, System.err));
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    Options options;
    try {
      options = Options.of(arguments);
    } catch (IllegalArgumentException wrong) {
      err.println("simulate: " + wrong.getMessage());
      err.println(Options.USAGE);
      return USAGE;
    }
    Report report = report(options.seedStart(), options.seeds(), Design.SOUND);
    out.println(report.text(SHOWN));
    if (options.json().isPresent()) {
      Path file = options.json().get();
      try {
        Files.writeString(file, report.json());
      } catch (IOException e) {
        err.println("simulate: --json " + file + " cannot be written: " + e.getMessage());
        return 1;
      }
    }
    return report.isClean() ? 0 : 1;
  }

  /** Runs seeds side by side; each is a world of its own. */
  static Report report(long seedStart, long seeds, Design design) {
    long began = System.nanoTime();
    List<Outcome> outcomes =
        LongStream.range(seedStart, seedStart + seeds)
            .parallel()
            .mapToObj(seed -> Run.of(seed, design))
            .toList();
    return Report.of(outcomes, System.nanoTime() - began);
  }
}
