package dev.penstock.providersim.edge;

import dev.penstock.providersim.chat.ChatDialect;
import dev.penstock.providersim.chat.Flavour;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Paths;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.embeddings.EmbeddingsDialect;
import dev.penstock.providersim.embeddings.EmbeddingsDialect.Style;
import dev.penstock.providersim.messages.AnthropicProvider;
import dev.penstock.providersim.messages.CountDialect;
import dev.penstock.providersim.messages.MessagesDialect;
import dev.penstock.providersim.mistral.MistralDialect;
import dev.penstock.providersim.mistral.MistralProvider;
import dev.penstock.providersim.openai.AzureProvider;
import dev.penstock.providersim.openai.OpenAiProvider;
import dev.penstock.providersim.responses.ResponsesDialect;
import dev.penstock.providersim.vllm.VllmProvider;
import dev.penstock.providersim.vllm.VllmProvider.Release;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Which provider is meant: by the path, and on the one path that two of them share by a header. */
final class Doors {
  private static final Provider OPENAI = new OpenAiProvider();
  private static final Provider AZURE = new AzureProvider();
  private static final Provider VLLM = new VllmProvider(Release.TODAY);
  private static final Provider OLDER_VLLM = new VllmProvider(Release.OLDER);
  private static final Provider ANTHROPIC = new AnthropicProvider();
  private static final Provider MISTRAL = new MistralProvider();
  private static final String MODELS = "/models";

  /** Everything of one server that is below one prefix. */
  private record Front(String prefix, Provider provider, Function<String, Optional<Door>> doors) {
    boolean leadsTo(String path) {
      return path.startsWith(prefix + "/");
    }
  }

  /** All but those below {@code /v1}, where two providers stand side by side. */
  private static final List<Front> FRONTS =
      List.of(
          new Front("/mistral/v1", MISTRAL, Doors::mistral),
          new Front("/vllm/v1", VLLM, rest -> vllm(rest, VLLM, Flavour.VLLM)),
          new Front(
              "/older-vllm/v1", OLDER_VLLM, rest -> vllm(rest, OLDER_VLLM, Flavour.OLDER_VLLM)),
          new Front("/openai/deployments", AZURE, Doors::deployment),
          new Front("/openai/v1", AZURE, Doors::azure));

  private Doors() {}

  /** Empty for a path that no provider has. */
  static Optional<Door> find(Head head) {
    String path = head.path();
    for (Front front : FRONTS) {
      if (front.leadsTo(path)) {
        return front.doors().apply(path.substring(front.prefix().length()));
      }
    }
    if (!path.startsWith("/v1/")) {
      return Optional.empty();
    }
    String rest = path.substring("/v1".length());
    return anthropic(rest, head).or(() -> openai(rest));
  }

  /** Whose words to use for a path that nobody has. */
  static Provider nearest(Head head) {
    return FRONTS.stream()
        .filter(front -> front.leadsTo(head.path()))
        .map(Front::provider)
        .findFirst()
        .orElse(head.headers().contains(AnthropicProvider.VERSION) ? ANTHROPIC : OPENAI);
  }

  private static Optional<Door> anthropic(String path, Head head) {
    return switch (path) {
      case "/messages" -> play("messages", new MessagesDialect(ANTHROPIC));
      case "/messages/count_tokens" -> play("count-tokens", new CountDialect(ANTHROPIC));
      default ->
          head.headers().contains(AnthropicProvider.VERSION)
              ? models(ANTHROPIC, path)
              : Optional.empty();
    };
  }

  private static Optional<Door> openai(String path) {
    return switch (path) {
      case "/chat/completions" -> play("chat", new ChatDialect(OPENAI, Flavour.OPENAI));
      case "/responses" -> play("responses", new ResponsesDialect(OPENAI));
      case "/embeddings" -> play("embeddings", new EmbeddingsDialect(OPENAI, Style.OPENAI));
      default -> models(OPENAI, path);
    };
  }

  private static Optional<Door> azure(String path) {
    return path.equals("/responses")
        ? play("responses", new ResponsesDialect(AZURE))
        : azureModel(path).or(() -> models(AZURE, path));
  }

  /** The older paths, which name a deployment and know no responses. */
  private static Optional<Door> deployment(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 2 ? Optional.empty() : azureModel(path.substring(slash));
  }

  private static Optional<Door> azureModel(String path) {
    return switch (path) {
      case "/chat/completions" -> play("chat", new ChatDialect(AZURE, Flavour.AZURE));
      case "/embeddings" -> play("embeddings", new EmbeddingsDialect(AZURE, Style.OPENAI));
      default -> Optional.empty();
    };
  }

  private static Optional<Door> mistral(String path) {
    return switch (path) {
      case "/chat/completions" -> play("chat", new MistralDialect(MISTRAL));
      case "/embeddings" -> play("embeddings", new EmbeddingsDialect(MISTRAL, Style.MISTRAL));
      default -> models(MISTRAL, path);
    };
  }

  private static Optional<Door> vllm(String path, Provider server, Flavour flavour) {
    return switch (path) {
      case "/chat/completions" -> play("chat", new ChatDialect(server, flavour));
      case "/embeddings" -> play("embeddings", new EmbeddingsDialect(server, Style.OPENAI));
      default -> models(server, path);
    };
  }

  private static Optional<Door> play(String word, Dialect dialect) {
    Provider provider = dialect.provider();
    return Optional.of(
        new Door(provider.word() + "-" + word, provider, "POST", new Door.Play(dialect)));
  }

  private static Optional<Door> models(Provider provider, String path) {
    String protocol = provider.word() + "-models";
    if (path.equals(MODELS)) {
      return Optional.of(new Door(protocol, provider, "GET", new Door.Models()));
    }
    if (path.startsWith(MODELS + "/")) {
      String name = Paths.decode(path.substring(MODELS.length() + 1));
      return Optional.of(new Door(protocol, provider, "GET", new Door.Model(name)));
    }
    return Optional.empty();
  }
}
