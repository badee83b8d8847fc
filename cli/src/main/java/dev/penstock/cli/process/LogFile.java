package dev.penstock.cli.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The file a process writes its output to. */
final class LogFile {
  private static final int TAIL_BYTES = 16_384;

  private final Path path;

  LogFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** Puts the log of the run before aside, so that a reader sees one run only. */
  void begin() {
    try {
      Files.createDirectories(path.resolveSibling("."));
      if (length() > 0) {
        Files.move(path, Path.of(path + ".previous"), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot begin the log " + path, e);
    }
  }

  long length() {
    try {
      return Files.exists(path) ? Files.size(path) : 0;
    } catch (IOException e) {
      return 0; // gone between the question and the answer
    }
  }

  /** The last lines that were written after this place in the file. */
  List<String> lastLines(int count, long from) {
    long length = length();
    long start = Math.max(from, length - TAIL_BYTES);
    String text = new String(read(start), StandardCharsets.UTF_8);
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }

  /** Everything after this place in the file. */
  byte[] read(long from) {
    if (!Files.exists(path)) {
      return new byte[0];
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      if (file.length() <= from) {
        return new byte[0];
      }
      file.seek(from);
      byte[] bytes = new byte[(int) Math.min(Integer.MAX_VALUE - 8L, file.length() - from)];
      file.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }
}
