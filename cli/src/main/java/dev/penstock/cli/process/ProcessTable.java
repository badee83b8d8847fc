package dev.penstock.cli.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.penstock.cli.installation.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file {@code processes.json}: what runs, for scripts and for the next start. */
public final class ProcessTable {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path file;

  public ProcessTable(Path file) {
    this.file = file;
  }

  public void write(List<ProcessEntry> entries) {
    try {
      OwnerOnly.write(file, JSON.writeValueAsString(entries) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("entries that are no JSON", e);
    }
  }

  /** What stands there; nothing when there is no file, or none that can be read. */
  public List<ProcessEntry> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return JSON.readValue(file.toFile(), new TypeReference<List<ProcessEntry>>() {});
    } catch (JsonProcessingException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
