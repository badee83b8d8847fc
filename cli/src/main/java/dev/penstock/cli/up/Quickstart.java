package dev.penstock.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.installation.SecretFiles;
import dev.penstock.cli.manifest.Manifest;
import dev.penstock.cli.manifest.ManifestApply;
import dev.penstock.cli.manifest.ManifestApply.Applied;
import dev.penstock.cli.manifest.ManifestFiles;
import dev.penstock.cli.manifest.SecretValues;
import dev.penstock.cli.manifest.SecretValues.Literals;
import dev.penstock.cli.up.StackOptions.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The company of {@code quickstart/*.yaml}, applied when the database is new or the files have
 * changed: what somebody changed through the admin API meanwhile is not undone by a mere restart.
 *
 * <p>The API keys it makes are shown by the control plane once, so they are kept among the secrets
 * of the installation.
 */
final class Quickstart {
  private static final String SIMULATOR_IN_THE_FILES = "http://127.0.0.1:8090";
  private static final String REAL_OPENAI = "https://api.openai.com";

  private final StackOptions options;
  private final SecretFiles secrets;
  private final Path mark;

  Quickstart(StackOptions options) {
    this.options = options;
    this.secrets = new SecretFiles(options.installation());
    // Beside the database it speaks of, so that one cannot go without the other.
    this.mark = options.installation().postgres().resolve("quickstart.sha256");
  }

  /** Reads the files, which fails early when a real provider is asked for without its key. */
  List<Manifest> manifests() {
    Map<String, Manifest> manifests = new LinkedHashMap<>();
    Path folder = options.installation().quickstart();
    add(manifests, folder);
    if (options.upstream() == Upstream.REAL_OPENAI) {
      add(manifests, folder.resolve("real"));
    }
    SecretValues values = new SecretValues(environment(), Literals.REFUSED);
    return manifests.values().stream().map(this::withAddress).map(values::resolve).toList();
  }

  /** Applies what is not applied yet. */
  void apply(AdminClient admin, List<Manifest> manifests) {
    String digest = digest(manifests);
    if (digest.equals(applied()) && hasKeys(manifests)) {
      return;
    }
    removeKeysThatWereLost(admin, manifests);
    Applied result = new ManifestApply(admin).apply(manifests);
    result.keys().forEach(key -> secrets.store(fileOfKey(key.tenant(), key.name()), key.key()));
    OwnerOnly.write(mark, digest + "\n");
  }

  /** The API key of this name, which {@link #apply} has made now or in an earlier run. */
  String key(String tenant, String name) {
    return secrets
        .find(fileOfKey(tenant, name))
        .orElseThrow(() ->
            CommandFailure.failed(
                "the API key %s of %s is gone; start with --fresh.".formatted(name, tenant)));
  }

  /** A later document of the same identity takes the place of an earlier one. */
  private static void add(Map<String, Manifest> manifests, Path folder) {
    for (Manifest manifest : ManifestFiles.read(List.of(folder))) {
      manifests.put(manifest.identity(), manifest);
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    if (options.upstream() == Upstream.REAL_OPENAI) {
      environment.putAll(options.environment());
    }
    environment.put("PENSTOCK_SIMULATOR_KEY", secrets.read(secrets.token("simulator-key")));
    return environment;
  }

  private Manifest withAddress(Manifest manifest) {
    JsonNode spec = manifest.content().path("spec");
    String address = spec.path("baseUrl").asText("");
    if (!address.startsWith(SIMULATOR_IN_THE_FILES)) {
      return manifest;
    }
    ObjectNode moved = spec.deepCopy();
    moved.put("baseUrl", server(spec) + address.substring(SIMULATOR_IN_THE_FILES.length()));
    return manifest.with(moved);
  }

  /** The real provider takes the place of its own kind; the others stay with the simulator. */
  private String server(JsonNode provider) {
    boolean real =
        switch (options.upstream()) {
          case SIMULATOR -> false;
          case REAL_OPENAI -> provider.path("protocol").asText().equals("openai");
        };
    return real
        ? REAL_OPENAI
        : URI.create("http://127.0.0.1:" + options.ports().simulator()).toString();
  }

  private boolean hasKeys(List<Manifest> manifests) {
    return manifests.stream().filter(Quickstart::isKey).allMatch(key -> storedKey(key).isPresent());
  }

  /** A key that is applied already is not shown again; without its text it is of no use. */
  private void removeKeysThatWereLost(AdminClient admin, List<Manifest> manifests) {
    if (applied().isEmpty()) {
      return;
    }
    manifests.stream()
        .filter(Quickstart::isKey)
        .filter(key -> storedKey(key).isEmpty())
        .forEach(key -> admin.delete("tenants/%s/api-keys/%s".formatted(tenant(key), key.name())));
  }

  private Optional<String> storedKey(Manifest key) {
    return secrets.find(fileOfKey(tenant(key), key.name()));
  }

  private static boolean isKey(Manifest manifest) {
    return manifest.kind().equals("ApiKey");
  }

  private static String tenant(Manifest manifest) {
    return manifest.content().path("metadata").path("tenant").asText();
  }

  private static String fileOfKey(String tenant, String name) {
    return "api-key." + tenant + "." + name;
  }

  private String applied() {
    try {
      return Files.exists(mark) ? Files.readString(mark).strip() : "";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + mark, e);
    }
  }

  /** Covers the secrets too: another provider key is a change. */
  private static String digest(List<Manifest> manifests) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      manifests.forEach(
          manifest -> sha.update(manifest.content().toString().getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(sha.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
