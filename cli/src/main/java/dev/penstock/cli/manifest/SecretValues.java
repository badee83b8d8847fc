package dev.penstock.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Puts the value of a secret where a manifest only says where to find it. It happens here, so that
 * the control plane never reads files or variables of its own machine on somebody's behalf.
 *
 * <p>A literal stands readable in a file that ends up in a repository, so it needs an explicit yes.
 * A Penstock key is never a provider key: giving it out as one would send it to the provider.
 */
public record SecretValues(Map<String, String> environment, Literals literals) {
  private static final String PENSTOCK_KEY = "pens_";

  /** Whether a secret may stand in the manifest itself. */
  public enum Literals {
    REFUSED,
    ALLOWED
  }

  public SecretValues {
    environment = Map.copyOf(environment);
  }

  /** The manifest as the admin API takes it; one that is no secret is answered as it is. */
  public Manifest resolve(Manifest manifest) {
    if (!manifest.kind().equals("Secret") || !manifest.content().path("spec").isObject()) {
      return manifest;
    }
    JsonNode value = manifest.content().path("spec").path("value");
    if (value.isMissingNode()) {
      return manifest; // as it is shown and exported: what is stored keeps its value
    }
    if (!value.isObject() || value.size() != 1) {
      throw wrong(manifest, "spec.value (expected: one of fromEnv, fromFile, literal)");
    }
    String field = value.fieldNames().next();
    String secret = secret(manifest, field, value.path(field).asText()).strip();
    if (secret.isEmpty()) {
      throw wrong(manifest, "spec.value." + field + " leads to an empty value");
    }
    if (secret.startsWith(PENSTOCK_KEY)) {
      throw wrong(
          manifest,
          "spec.value.%s leads to a Penstock key, which no provider may see (expected: the provider's own key)"
              .formatted(field));
    }
    ObjectNode spec = (ObjectNode) manifest.content().path("spec").deepCopy();
    spec.set("value", JsonNodeFactory.instance.objectNode().put("literal", secret));
    return manifest.with(spec);
  }

  private String secret(Manifest manifest, String field, String value) {
    return switch (field) {
      case "fromEnv" -> fromEnvironment(manifest, value);
      case "fromFile" -> fromFile(manifest, value);
      case "literal" -> literal(manifest, value);
      default ->
          throw wrong(
              manifest,
              "spec.value.%s (expected: one of fromEnv, fromFile, literal)".formatted(field));
    };
  }

  private String fromEnvironment(Manifest manifest, String variable) {
    String value = environment.get(variable);
    if (value == null) {
      throw wrong(manifest, "spec.value.fromEnv: the variable %s is not set".formatted(variable));
    }
    return value;
  }

  /** A relative path starts at the manifest, so that it means the same from every folder. */
  private String fromFile(Manifest manifest, String path) {
    Path file = manifest.file().toAbsolutePath().resolveSibling(path);
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw wrong(manifest, "spec.value.fromFile: cannot read %s".formatted(file));
    }
  }

  private String literal(Manifest manifest, String value) {
    if (literals == Literals.REFUSED) {
      throw wrong(
          manifest,
          "spec.value.literal: a secret stands readable in the file (expected: fromEnv or fromFile, or the option --allow-literals)");
    }
    return value;
  }

  private static CommandFailure wrong(Manifest manifest, String fault) {
    return CommandFailure.configuration(manifest.place() + ": " + fault + ".");
  }
}
