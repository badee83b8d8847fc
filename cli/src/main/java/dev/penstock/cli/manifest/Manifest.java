package dev.penstock.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/**
 * One document of a file.
 *
 * @param number its place in the file, from 1
 */
public record Manifest(Path file, int number, ObjectNode content) {

  public String kind() {
    return content.path("kind").asText("(no kind)");
  }

  public String name() {
    return content.path("metadata").path("name").asText("(no name)");
  }

  /** Two manifests with the same identity speak of the same resource. */
  public String identity() {
    return kind() + "/" + content.path("metadata").path("tenant").asText("") + "/" + name();
  }

  /** Where it stands, for people. */
  String place() {
    return "%s, document %d (%s %s)".formatted(file, number, kind(), name());
  }

  public Manifest with(JsonNode spec) {
    ObjectNode copy = content.deepCopy();
    copy.set("spec", spec);
    return new Manifest(file, number, copy);
  }
}
