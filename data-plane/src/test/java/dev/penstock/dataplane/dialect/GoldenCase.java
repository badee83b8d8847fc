package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder with what one dialect sends, and what every dialect makes of it. */
record GoldenCase(Path folder) {

  private static final Path ROOT = Path.of("src/test/resources/dialect");
  private static final boolean WRITE = "write".equals(System.getProperty("golden"));
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** A provider's error, whose status stands in the file's name. */
  record Error(int status, byte[] body) {}

  static List<GoldenCase> all(Dialect dialect) {
    return list(ROOT.resolve(dialect.word())).stream()
        .filter(Files::isDirectory)
        .map(GoldenCase::new)
        .toList();
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Optional<byte[]> input(String name) {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Optional.of(bytes(file)) : Optional.empty();
  }

  Optional<Error> error() {
    return list(folder).stream()
        .filter(file -> file.getFileName().toString().matches("error-[0-9]{3}\\.json"))
        .findFirst()
        .map(file ->
            new Error(
                Integer.parseInt(file.getFileName().toString().substring(6, 9)), bytes(file)));
  }

  JsonNode json(String name) {
    try {
      return JSON.readTree(bytes(folder.resolve(name)));
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Holds a file's text against what the code makes; empty: there is to be no such file. */
  void expect(String name, Optional<String> actual) {
    Path file = folder.resolve(name);
    if (WRITE) {
      write(file, actual);
    }
    Optional<String> expected =
        Files.exists(file)
            ? Optional.of(new String(bytes(file), StandardCharsets.UTF_8))
            : Optional.empty();

    assertThat(actual)
        .as("%s/%s (written anew with -Dgolden=write; then read what changed)", this, name)
        .isEqualTo(expected);
  }

  private static void write(Path file, Optional<String> text) {
    try {
      if (text.isPresent()) {
        Files.writeString(file, text.get());
      } else {
        Files.deleteIfExists(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  static String prettyJson(Buffer json) {
    try {
      return pretty(JSON.readTree(json.getBytes()));
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  static String pretty(Object value) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Override
  public String toString() {
    return ROOT.relativize(folder).toString();
  }
}
