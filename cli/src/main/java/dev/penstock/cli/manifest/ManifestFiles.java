package dev.penstock.cli.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.penstock.cli.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads YAML files with one or more documents each. */
public final class ManifestFiles {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private ManifestFiles() {}

  /** The documents of these files; a folder stands for the YAML files in it, in order of name. */
  public static List<Manifest> read(List<Path> paths) {
    return paths.stream()
        .flatMap(path -> files(path).stream())
        .flatMap(file -> documents(file, text(file)).stream())
        .toList();
  }

  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> inside = Files.list(path)) {
      return inside
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + path, e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandFailure.usage(
          "cannot read %s (%s).".formatted(file, e.getClass().getSimpleName()));
    }
  }

  /**
   * The parser's own message would quote the text around the fault, and with it a literal secret.
   */
  static List<Manifest> documents(Path file, String text) {
    List<Manifest> manifests = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      for (int number = 1; documents.hasNext(); number++) {
        JsonNode document = documents.next();
        if (document instanceof ObjectNode content) {
          manifests.add(new Manifest(file, number, content));
        } else if (!document.isNull() && !document.isMissingNode()) {
          throw CommandFailure.usage("%s, document %d is no manifest.".formatted(file, number));
        }
      }
    } catch (RuntimeException | IOException e) {
      throw e instanceof CommandFailure known ? known : wrong(file, e);
    }
    return manifests;
  }

  private static CommandFailure wrong(Path file, Exception e) {
    Throwable cause = e instanceof RuntimeException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof JsonProcessingException parsing && parsing.getLocation() != null) {
      return CommandFailure.usage(
          "%s, line %d, column %d is not valid YAML."
              .formatted(
                  file, parsing.getLocation().getLineNr(), parsing.getLocation().getColumnNr()));
    }
    return CommandFailure.usage(file + " is not valid YAML.");
  }
}
