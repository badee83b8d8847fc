package dev.penstock.dataplane.upstream;

import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.exchange.Asked;
import dev.penstock.dataplane.exchange.Endpoint;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.kernel.snapshot.ModelTrait;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How providers of one kind are called: at which paths below their base URL, which is what their
 * own SDKs take, and with which headers. Sources: the API references of OpenAI, Azure OpenAI,
 * Anthropic and Mistral.
 */
public enum Protocol {
  OPENAI("openai"),
  /** Servers that have OpenAI's chat completions and embeddings, and no responses. */
  OPENAI_COMPATIBLE("openai-compatible"),
  AZURE_OPENAI("azure-openai"),
  ANTHROPIC("anthropic"),
  MISTRAL("mistral");

  private static final String OPENAI_HOST = "api.openai.com";
  private static final int MAX_REQUEST_ID = 128;
  private static final String IN_REQUEST_ID = "._:/=+@-"; // beside letters and digits

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

  /** The dialect in which such providers are asked what a client asks: its own if they speak it. */
  public Dialect dialectFor(Endpoint endpoint) {
    return switch (this) {
      case OPENAI, AZURE_OPENAI ->
          endpoint.dialect() == Dialect.OPENAI_RESPONSES
              ? Dialect.OPENAI_RESPONSES
              : Dialect.OPENAI_CHAT;
      case OPENAI_COMPATIBLE -> Dialect.OPENAI_CHAT;
      case ANTHROPIC -> Dialect.ANTHROPIC_MESSAGES;
      case MISTRAL -> Dialect.MISTRAL_CHAT;
    };
  }

  /** What is said of a model at a provider's endpoint to who translates a request for it. */
  public Set<Trait> traits(Candidate candidate) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    boolean compatible =
        switch (this) {
          case OPENAI_COMPATIBLE -> true;
          // Before there was a word for them, all compatible servers were called OpenAI's.
          case OPENAI -> !ProviderUrl.of(candidate.provider().baseUrl()).host().equals(OPENAI_HOST);
          case AZURE_OPENAI, ANTHROPIC, MISTRAL -> false;
        };
    if (compatible) {
      traits.add(Trait.COMPATIBLE);
    }
    if (candidate.continuousUsage()) {
      traits.add(Trait.CONTINUOUS_USAGE);
    }
    for (ModelTrait trait : candidate.model().traits()) {
      switch (trait) {
        case NO_SAMPLING -> traits.add(Trait.NO_SAMPLING);
        case THINKS_BY_BUDGET -> traits.add(Trait.THINKS_BY_BUDGET);
        case REASONS -> {} // nothing is said to it in another way
      }
    }
    return traits;
  }

  /** Path and query of a call, below the base URL. */
  String path(Endpoint asked, Candidate candidate) {
    Dialect dialect = dialectFor(asked);
    Endpoint endpoint = dialect == asked.dialect() ? asked : Endpoint.of(dialect);
    return switch (endpoint) {
      case CHAT, CHAT_SOCKET -> openAi("/chat/completions", candidate);
      case EMBEDDINGS -> openAi("/embeddings", candidate);
      // Azure has these below no deployment, and takes its name as the model's.
      case RESPONSES, RESPONSES_SOCKET ->
          this == AZURE_OPENAI ? "/openai/v1/responses" : "/responses";
      case MISTRAL_CHAT -> "/v1/chat/completions";
      case MESSAGES -> "/v1/messages";
      case COUNT_TOKENS -> "/v1/messages/count_tokens";
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

  /**
   * The provider's own id of a call, for its support; empty where it gives none, or none that can
   * stand in a header of ours.
   */
  String requestId(HttpClientResponse response) {
    for (String header : requestIdHeaders()) {
      String id = response.getHeader(header);
      if (id != null && isPlain(id)) {
        return id;
      }
    }
    return "";
  }

  private static boolean isPlain(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_REQUEST_ID
        && id.chars()
            .allMatch(
                c -> c < 0x80 && (Character.isLetterOrDigit(c) || IN_REQUEST_ID.indexOf(c) >= 0));
  }

  private List<String> requestIdHeaders() {
    return switch (this) {
      case OPENAI, OPENAI_COMPATIBLE -> List.of("x-request-id");
      case AZURE_OPENAI -> List.of("apim-request-id", "x-request-id");
      case ANTHROPIC -> List.of("request-id");
      case MISTRAL -> List.of("mistral-correlation-id", "x-request-id");
    };
  }

  /** The headers by which a provider knows whom it serves and in which version. */
  void putHeaders(HttpClientRequest call, Candidate candidate, Asked asked) {
    String credential = candidate.credential().value();
    switch (this) {
      case OPENAI, OPENAI_COMPATIBLE, MISTRAL ->
          call.putHeader("authorization", "Bearer " + credential);
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
