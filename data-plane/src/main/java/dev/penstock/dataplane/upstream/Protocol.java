package dev.penstock.dataplane.upstream;

import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.exchange.Asked;
import dev.penstock.dataplane.exchange.Endpoint;
import dev.penstock.dataplane.route.Candidate;
import io.vertx.core.http.HttpClientRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * How providers of one kind are called: at which paths below their base URL, which is what their
 * own SDKs take, and with which headers. Sources: the API references of OpenAI, Azure OpenAI,
 * Anthropic and Mistral.
 */
public enum Protocol {
  OPENAI("openai"),
  AZURE_OPENAI("azure-openai"),
  ANTHROPIC("anthropic"),
  MISTRAL("mistral");

  private final String word;

  Protocol(String word) {
    this.word = word;
  }

  /** Of a provider that {@code SnapshotCheck} has let pass. */
  public static Protocol of(Candidate candidate) {
    String word = candidate.provider().protocol();
    for (Protocol protocol : values()) {
      if (protocol.word.equals(word)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("protocol: " + word);
  }

  /** As policies call it. */
  public String word() {
    return word;
  }

  /** The dialects in which such providers can be asked. */
  public Set<Dialect> dialects() {
    return switch (this) {
      case OPENAI, AZURE_OPENAI -> EnumSet.of(Dialect.OPENAI_CHAT);
      case ANTHROPIC -> EnumSet.noneOf(Dialect.class);
      case MISTRAL -> EnumSet.of(Dialect.MISTRAL_CHAT);
    };
  }

  /** Path and query of a call, below the base URL. */
  String path(Endpoint endpoint, Candidate candidate) {
    return switch (endpoint) {
      case CHAT, CHAT_SOCKET -> openAi("/chat/completions", candidate);
      case MISTRAL_CHAT -> "/v1/chat/completions";
    };
  }

  private String openAi(String path, Candidate candidate) {
    return this == AZURE_OPENAI
        ? "/openai/deployments/"
            + escaped(candidate.deployment().upstreamModel())
            + path
            + "?api-version="
            + candidate.provider().apiVersion()
        : path;
  }

  private static String escaped(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The headers by which a provider knows whom it serves and in which version. */
  void putHeaders(HttpClientRequest call, Candidate candidate, Asked asked) {
    String credential = candidate.credential().value();
    switch (this) {
      case OPENAI, MISTRAL -> call.putHeader("authorization", "Bearer " + credential);
      case AZURE_OPENAI -> call.putHeader("api-key", credential);
      case ANTHROPIC -> {
        call.putHeader("x-api-key", credential);
        call.putHeader("anthropic-version", asked.anthropic().version());
        if (!asked.anthropic().betas().isEmpty()) {
          call.putHeader("anthropic-beta", asked.anthropic().betas());
        }
      }
    }
  }
}
