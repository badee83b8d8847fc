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
import java.util.Optional;

/** Which provider is meant: by the path, and on the one path that two of them share by a header. */
final class Doors {
  private static final Provider OPENAI = new OpenAiProvider();
  private static final Provider AZURE = new AzureProvider();
  private static final Provider VLLM = new VllmProvider(Release.TODAY);
  private static final Provider OLDER_VLLM = new VllmProvider(Release.OLDER);
  private static final Provider ANTHROPIC = new AnthropicProvider();
  private static final Provider MISTRAL = new MistralProvider();
  private static final String MODELS = "/models";

  private Doors() {}

  /** Empty for a path that no provider has. */
  static Optional<Door> find(Head head) {
    String path = head.path();
    if (path.startsWith("/mistral/v1/")) {
      return mistral(path.substring("/mistral/v1".length()));
    }
    if (path.startsWith("/vllm/v1/")) {
      return vllm(path.substring("/vllm/v1".length()), VLLM, Flavour.VLLM);
    }
    if (path.startsWith("/older-vllm/v1/")) {
      return vllm(path.substring("/older-vllm/v1".length()), OLDER_VLLM, Flavour.OLDER_VLLM);
    }
    if (path.startsWith(AzureProvider.DEPLOYMENTS)) {
      String rest = path.substring(AzureProvider.DEPLOYMENTS.length());
      int slash = rest.indexOf('/');
      return slash < 1 ? Optional.empty() : azure(rest.substring(slash));
    }
    if (path.startsWith("/openai/v1/")) {
      String rest = path.substring("/openai/v1".length());
      return azure(rest).or(() -> models(AZURE, rest));
    }
    if (!path.startsWith("/v1/")) {
      return Optional.empty();
    }
    String rest = path.substring("/v1".length());
    return anthropic(rest, head).or(() -> openai(rest));
  }

  /** Whose words to use for a path that nobody has. */
  static Provider nearest(Head head) {
    String path = head.path();
    if (path.startsWith("/openai/")) {
      return AZURE;
    }
    if (path.startsWith("/mistral/")) {
      return MISTRAL;
    }
    if (head.headers().contains(AnthropicProvider.VERSION)) {
      return ANTHROPIC;
    }
    return path.startsWith("/vllm/") ? VLLM : OPENAI;
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
    return switch (path) {
      case "/chat/completions" -> play("chat", new ChatDialect(AZURE, Flavour.AZURE));
      case "/responses" -> play("responses", new ResponsesDialect(AZURE));
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
