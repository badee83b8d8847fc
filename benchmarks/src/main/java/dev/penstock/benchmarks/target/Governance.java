package dev.penstock.benchmarks.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.penstock.benchmarks.load.StreamShape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The manifests under which a benchmark's requests run: a tenant below the quickstart's company,
 * allow-lists, residency, two levels of budget and an API key, and two models for each shape of
 * stream: one at a provider of the clients' dialect, one at a provider of another.
 */
final class Governance {
  private static final YAMLMapper YAML = new YAMLMapper();

  private Governance() {}

  static List<JsonNode> manifests(List<StreamShape> shapes) {
    List<JsonNode> manifests = new ArrayList<>();
    for (StreamShape shape : shapes) {
      manifests.add(model(shape.name(), "openai-eu", shape));
      manifests.add(model(translated(shape), "anthropic-eu", shape));
    }
    for (JsonNode manifest : fixed()) {
      manifests.add(isPolicy(manifest) ? allowing(manifest, shapes) : manifest);
    }
    return manifests;
  }

  /** What the model is called whose provider speaks another dialect. */
  static String translated(StreamShape shape) {
    return shape.name() + "-translated";
  }

  private static JsonNode model(String name, String provider, StreamShape shape) {
    return parse(
        """
        apiVersion: penstock.dev/v1
        kind: Model
        metadata: { name: %s }
        spec:
          contextTokens: 128000
          maxOutputTokens: 16384
          prices:
            - validFrom: 2026-01-01T00:00:00Z
              perMillionTokens: { input: "0.01", cacheRead: "0.01", output: "0.01" }
          deployments:
            - { name: %s-eu, provider: %s, upstreamModel: %s, weight: 100 }
        """
            .formatted(name, name, provider, shape.simulatorModel()));
  }

  private static boolean isPolicy(JsonNode manifest) {
    return manifest.path("kind").asText().equals("Policy");
  }

  private static JsonNode allowing(JsonNode policy, List<StreamShape> shapes) {
    ObjectNode copy = policy.deepCopy();
    ArrayNode allow = (ArrayNode) copy.at("/spec/models/allow");
    for (StreamShape shape : shapes) {
      allow.add(shape.name()).add(translated(shape));
    }
    return copy;
  }

  private static List<JsonNode> fixed() {
    try (InputStream file =
        Objects.requireNonNull(
            Governance.class.getResourceAsStream("governance.yaml"), "governance.yaml")) {
      return YAML.readerFor(JsonNode.class).<JsonNode>readValues(file).readAll();
    } catch (IOException e) {
      throw new UncheckedIOException("governance.yaml", e);
    }
  }

  private static JsonNode parse(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own manifest is YAML", e);
    }
  }
}
