package dev.penstock.simulation;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param seeds how many, from {@code seedStart} on
 */
record Options(long seeds, long seedStart, Optional<Path> json) {

  static final String USAGE = "usage: penstock simulate --seeds N [--seed-start S] [--json FILE]";

  private static final long MAX_SEEDS = 100_000_000;

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with what is wrong and what is expected
   */
  static Options of(List<String> arguments) {
    long seeds = 1000;
    long seedStart = 1;
    Optional<Path> json = Optional.empty();
    for (Iterator<String> all = arguments.iterator(); all.hasNext(); ) {
      String name = all.next();
      switch (name) {
        case "--seeds" -> seeds = number(name, all, 1, MAX_SEEDS);
        case "--seed-start" -> seedStart = number(name, all, 0, Long.MAX_VALUE - MAX_SEEDS);
        case "--json" -> json = Optional.of(Path.of(value(name, all)));
        default -> throw new IllegalArgumentException(name + " is not an option");
      }
    }
    return new Options(seeds, seedStart, json);
  }

  private static String value(String name, Iterator<String> all) {
    if (!all.hasNext()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return all.next();
  }

  private static long number(String name, Iterator<String> all, long min, long max) {
    String text = value(name, all);
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // said below
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: a number from %d to %d)".formatted(name, text, min, max));
  }
}
