package dev.penstock.cli.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code .penstock/env}: what a shell sources to reach this installation. It is there only while
 * what it names is served.
 */
public final class EnvFile {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]*");

  private final Path file;

  public EnvFile(Installation installation) {
    this.file = installation.envFile();
  }

  public void write(Map<String, String> variables) {
    StringBuilder text = new StringBuilder();
    variables.forEach(
        (name, value) -> text.append(name).append('=').append(quoted(value)).append('\n'));
    OwnerOnly.write(file, text.toString());
  }

  public void remove() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file, e);
    }
  }

  /** The variables that stand in the file now; none when nothing runs. */
  public Map<String, String> read() {
    Map<String, String> variables = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return variables;
    }
    try {
      for (String line : Files.readAllLines(file)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          variables.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
    return variables;
  }

  private static String quoted(String value) {
    if (PLAIN.matcher(value).matches()) {
      return value;
    }
    return "'" + value.replace("'", "'\\''") + "'";
  }

  private static String unquoted(String value) {
    if (!value.startsWith("'")) {
      return value;
    }
    return value.substring(1, value.length() - 1).replace("'\\''", "'");
  }
}
