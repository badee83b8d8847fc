package dev.penstock.it.compatibility;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A provider, played by the simulator, with a model for each situation. */
enum Upstream {
  OPENAI("OpenAI", "protocol: openai", "/v1"),
  AZURE("Azure OpenAI", "protocol: azure-openai\n  apiVersion: \"2024-10-21\"", ""),
  VLLM("vLLM", "protocol: openai-compatible", "/vllm/v1"),
  ANTHROPIC("Anthropic", "protocol: anthropic", ""),
  MISTRAL("Mistral", "protocol: mistral", "/mistral");

  private final String title;
  private final String protocol;
  private final String path;

  Upstream(String title, String protocol, String path) {
    this.title = title;
    this.protocol = protocol;
    this.path = path;
  }

  String title() {
    return title;
  }

  /** What a client asks for to have this provider in that situation. */
  String model(Situation situation) {
    return providerName() + "-" + situation.word();
  }

  /** Manifests of the provider and of its models. */
  String manifests(URI simulator) {
    return Arrays.stream(Situation.values())
        .map(this::modelManifest)
        .collect(Collectors.joining("", providerManifest(simulator), ""));
  }

  private String providerName() {
    return "sdk-" + name().toLowerCase(Locale.ROOT);
  }

  private String providerManifest(URI simulator) {
    return """
    ---
    apiVersion: penstock.dev/v1
    kind: Provider
    metadata: { name: %s }
    spec:
      %s
      baseUrl: %s
      region: eu-west
      secret: { tenant: acme, name: openai-eu }
    """
        .formatted(providerName(), protocol, simulator + path);
  }

  /** The limit on output leaves room for thoughts, which some providers want to be bounded. */
  private String modelManifest(Situation situation) {
    return """
    ---
    apiVersion: penstock.dev/v1
    kind: Model
    metadata: { name: %1$s }
    spec:
      contextTokens: 128000
      maxOutputTokens: 16000
      prices:
        - validFrom: 2026-01-01T00:00:00Z
          perMillionTokens: { input: "2.50", cacheRead: "1.25", output: "10.00" }
      deployments:
        - { name: %1$s, provider: %2$s, upstreamModel: %3$s, weight: 100 }
    """
        .formatted(model(situation), providerName(), situation.script());
  }
}
