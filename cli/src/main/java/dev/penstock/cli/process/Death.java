package dev.penstock.cli.process;

import java.nio.file.Path;
import java.util.List;

/** A process ended that nobody had told to: what is known about it. */
public record Death(String name, int exitCode, List<String> lastLines, Path log) {
  private static final int SIGNALS = 128;

  public Death {
    lastLines = List.copyOf(lastLines);
  }

  /** For a terminal: the sentence, then the last lines of its log. */
  public String report() {
    StringBuilder text = new StringBuilder();
    text.append("%s died: %s.".formatted(name, cause()));
    lastLines.forEach(line -> text.append("\n    ").append(line));
    if (lastLines.isEmpty()) {
      text.append("\n    (it logged nothing)");
    }
    return text.append("\n  log: ").append(log).toString();
  }

  private String cause() {
    if (exitCode > SIGNALS) {
      return "exit code %d (signal %d)".formatted(exitCode, exitCode - SIGNALS);
    }
    return "exit code " + exitCode;
  }
}
