package dev.penstock.controlplane.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads manifests from JSON and YAML. A parser's own message is never passed on: it quotes the
 * text, which may be a secret.
 */
@Singleton
public class ManifestReader {

  private static final int MAX_MANIFESTS = 5000;
  private static final int MAX_CODE_POINTS = 8 * 1024 * 1024;

  private final ObjectReader json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);
  private final ObjectReader yaml = yamlReader();

  private static ObjectReader yamlReader() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CODE_POINTS);
    options.setAllowDuplicateKeys(false);
    return YAMLMapper.builder(YAMLFactory.builder().loaderOptions(options).build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build()
        .readerFor(JsonNode.class);
  }

  /** One manifest as JSON, of the kind and place that the request's path names. */
  public Manifest readOne(byte[] body, Kind kind, Optional<String> tenant, Findings findings) {
    return readOne(parseJson(body), "", Optional.of(kind), tenant, findings)
        .orElseThrow(() -> {
          findings.refuseIfAny();
          return new IllegalStateException("a manifest without reference has findings");
        });
  }

  /** A JSON object that is no manifest and is read as strictly. */
  public ObjectNode readObject(byte[] body) {
    if (parseJson(body) instanceof ObjectNode object) {
      return object;
    }
    throw ProblemException.badRequest("body", "expected a JSON object");
  }

  /** A JSON array of manifests, or an object with {@code items}. */
  public List<Manifest> readJson(byte[] body, Findings findings) {
    JsonNode root = parseJson(body);
    JsonNode items = root.isObject() && root.has("items") ? root.get("items") : root;
    if (!items.isArray()) {
      throw ProblemException.badRequest(
          "items", "expected a list of manifests, or an object with `items`");
    }
    List<JsonNode> nodes = new ArrayList<>();
    items.forEach(nodes::add);
    return readAll(nodes, findings);
  }

  /** A stream of YAML documents; empty ones are skipped. */
  public List<Manifest> readYaml(byte[] body, Findings findings) {
    List<JsonNode> nodes = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = yaml.readValues(body)) {
      while (documents.hasNextValue()) {
        JsonNode node = documents.nextValue();
        if (!isEmpty(node)) {
          nodes.add(node);
        }
      }
    } catch (IOException malformed) {
      throw unreadable("YAML", malformed);
    }
    return readAll(nodes, findings);
  }

  private static boolean isEmpty(@Nullable JsonNode document) {
    return document == null
        || document.isNull()
        || document.isMissingNode()
        || (document.isTextual() && document.textValue().isBlank());
  }

  private List<Manifest> readAll(List<JsonNode> nodes, Findings findings) {
    if (nodes.size() > MAX_MANIFESTS) {
      throw ProblemException.badRequest(
          "items", nodes.size() + " manifests (expected: at most " + MAX_MANIFESTS + ")");
    }
    List<Manifest> manifests = new ArrayList<>();
    Set<ResourceRef> seen = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      String path = "items[" + i + "].";
      readOne(nodes.get(i), path, Optional.empty(), Optional.empty(), findings)
          .ifPresent(manifest -> {
            if (!seen.add(manifest.ref())) {
              findings.add(path + "metadata.name", manifest.ref() + " occurs twice");
            }
            manifests.add(manifest);
          });
    }
    return manifests;
  }

  private static Optional<Manifest> readOne(
      JsonNode node,
      String path,
      Optional<Kind> expected,
      Optional<String> tenant,
      Findings findings) {
    if (!(node instanceof ObjectNode object)) {
      throw ProblemException.badRequest(path + "kind", "expected a manifest, which is an object");
    }
    Spec top =
        new Spec(object, path.isEmpty() ? "" : path.substring(0, path.length() - 1), findings);
    if (!top.requiredText("apiVersion").equals(Manifest.API_VERSION)) {
      top.refuse("apiVersion", "expected " + Manifest.API_VERSION);
    }
    Kind kind = kindOf(top.requiredText("kind"), path);
    if (expected.isPresent() && kind != expected.get()) {
      throw ProblemException.badRequest(
          path + "kind", "expected " + expected.get().label() + " at this path");
    }
    Optional<Spec> metadata = top.object("metadata");
    Optional<Spec> spec = top.object("spec");
    Optional<ResourceRef> ref = metadata.flatMap(m -> refOf(m, kind, tenant));
    if (metadata.isEmpty()) {
      top.refuse("metadata", "is missing");
    }
    top.end();
    Spec read = spec.orElseGet(() -> new Spec(object.objectNode(), path + "spec", findings));
    return ref.map(found -> new Manifest(found, read, path));
  }

  private static Kind kindOf(String label, String path) {
    return Kind.ofLabel(label)
        .orElseThrow(() -> ProblemException.badRequest(path + "kind", "unknown kind"));
  }

  private static Optional<ResourceRef> refOf(Spec metadata, Kind kind, Optional<String> tenant) {
    String name = metadata.requiredName("name");
    Optional<String> owner = metadata.name("tenant");
    metadata.end();
    if (kind.owner() == Kind.Owner.PLATFORM) {
      if (owner.isPresent()) {
        metadata.refuse("tenant", "a " + kind.label() + " belongs to no tenant");
      }
      return name.isEmpty() ? Optional.empty() : Optional.of(ResourceRef.ofPlatform(kind, name));
    }
    if (owner.isPresent() && tenant.isPresent() && !owner.equals(tenant)) {
      metadata.refuse("tenant", "expected " + tenant.get() + ", as in the path");
    }
    Optional<String> resolved = owner.or(() -> tenant);
    if (resolved.isEmpty()) {
      metadata.refuse("tenant", "is missing");
    }
    return name.isEmpty()
        ? Optional.empty()
        : resolved.map(found -> ResourceRef.ofTenant(kind, found, name));
  }

  private JsonNode parseJson(byte[] body) {
    try {
      JsonNode node = json.readValue(body);
      if (node == null || node.isMissingNode()) {
        throw ProblemException.badRequest("body", "is empty");
      }
      return node;
    } catch (IOException malformed) {
      throw unreadable("JSON", malformed);
    }
  }

  private static ProblemException unreadable(String format, IOException malformed) {
    String where =
        malformed instanceof JsonProcessingException e && e.getLocation() != null
            ? " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())
            : "";
    return ProblemException.badRequest("body", "is not " + format + where);
  }
}
