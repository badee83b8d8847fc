package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.FreeScan;
import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.dialect.anthropic.MessagesCodec;
import dev.penstock.dataplane.dialect.anthropic.MessagesErrors;
import dev.penstock.dataplane.dialect.anthropic.MessagesRequest;
import dev.penstock.dataplane.dialect.anthropic.MessagesScan;
import dev.penstock.dataplane.dialect.mistral.MistralErrors;
import dev.penstock.dataplane.dialect.openai.ChatErrors;
import dev.penstock.dataplane.dialect.openai.chat.ChatRequest;
import dev.penstock.dataplane.dialect.openai.chat.ChunkScan;
import dev.penstock.dataplane.dialect.openai.embeddings.EmbeddingsRequest;
import dev.penstock.dataplane.dialect.openai.embeddings.EmbeddingsScan;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesErrors;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesRequest;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesScan;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where a client can ask a model, and what is its own there: how a request is read, what an answer
 * is looked at with, how errors are told.
 */
public enum Endpoint {
  CHAT(
      "/v1/chat/completions",
      Dialect.OPENAI_CHAT,
      new ChatErrors(),
      ChatRequest::read,
      ChunkScan::new),
  /** One message on a WebSocket. */
  CHAT_SOCKET(
      "/v1/chat/completions",
      Dialect.OPENAI_CHAT,
      new ChatErrors(),
      ChatRequest::readMessage,
      ChunkScan::new),
  MISTRAL_CHAT(
      "/mistral/v1/chat/completions",
      Dialect.MISTRAL_CHAT,
      new MistralErrors(),
      ChatRequest::readMistral,
      ChunkScan::ofMistral),
  MESSAGES(
      "/v1/messages",
      Dialect.ANTHROPIC_MESSAGES,
      new MessagesErrors(),
      MessagesRequest::read,
      MessagesScan::new),
  /** Costs nothing, and is asked of providers of the dialect alone; without any it is estimated. */
  COUNT_TOKENS(
      "/v1/messages/count_tokens",
      Dialect.ANTHROPIC_MESSAGES,
      new MessagesErrors(),
      MessagesRequest::readCount,
      () -> new FreeScan(new MessagesScan())),
  RESPONSES(
      "/v1/responses",
      Dialect.OPENAI_RESPONSES,
      new ResponsesErrors(),
      ResponsesRequest::read,
      ResponsesScan::new),
  /** One turn on a WebSocket, which asks what a POST asks; always streams. */
  RESPONSES_SOCKET(
      "/v1/responses",
      Dialect.OPENAI_RESPONSES,
      new ResponsesErrors(),
      ResponsesRequest::readTurn,
      ResponsesScan::new),
  /** Asked of OpenAI's providers alone. */
  EMBEDDINGS(
      "/v1/embeddings",
      Dialect.OPENAI_CHAT,
      new ChatErrors(),
      EmbeddingsRequest::read,
      EmbeddingsScan::new);

  private static final String MISTRAL_PREFIX = "/mistral/";

  private static final Map<String, Endpoint> BY_PATH = byPath(endpoint -> !endpoint.isSocket());
  private static final Map<String, Endpoint> SOCKET_BY_PATH = byPath(Endpoint::isSocket);

  private final String path;
  private final Dialect dialect;
  private final transient ErrorShape errors;
  private final transient Function<Buffer, ClientRequest> reader;
  private final transient Supplier<StreamScan> scan;

  Endpoint(
      String path,
      Dialect dialect,
      ErrorShape errors,
      Function<Buffer, ClientRequest> reader,
      Supplier<StreamScan> scan) {
    this.path = path;
    this.dialect = dialect;
    this.errors = errors;
    this.reader = reader;
    this.scan = scan;
  }

  private static Map<String, Endpoint> byPath(Predicate<Endpoint> which) {
    return Arrays.stream(values())
        .filter(which)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toMap(Endpoint::path, endpoint -> endpoint), Map::copyOf));
  }

  private boolean isSocket() {
    return this == CHAT_SOCKET || this == RESPONSES_SOCKET;
  }

  /** Where a message on a WebSocket of this path asks. */
  static Optional<Endpoint> socketAt(String path) {
    return Optional.ofNullable(SOCKET_BY_PATH.get(path));
  }

  /** Where a POST of this path asks. */
  static Optional<Endpoint> at(String path) {
    return Optional.ofNullable(BY_PATH.get(path));
  }

  /** All paths, sorted. */
  static Set<String> paths() {
    return new TreeSet<>(BY_PATH.keySet());
  }

  /** Whose dialect a client speaks that asks for something else, or not in HTTP's terms. */
  static Endpoint like(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    Optional<Endpoint> known = at(path);
    if (known.isPresent()) {
      return known.get();
    }
    if (path.startsWith(MISTRAL_PREFIX)) {
      return MISTRAL_CHAT;
    }
    return request.headers().contains(AnthropicHeaders.VERSION) ? MESSAGES : CHAT;
  }

  /** Where a dialect's models are asked to answer. */
  public static Endpoint of(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> CHAT;
      case MISTRAL_CHAT -> MISTRAL_CHAT;
      case ANTHROPIC_MESSAGES -> MESSAGES;
      case OPENAI_RESPONSES -> RESPONSES;
    };
  }

  /**
   * What translates requests from here, where they can be translated.
   *
   * @throws RefusedException where the client states a version that nobody knows
   */
  public Optional<Codec> codec(Asked asked) {
    return switch (this) {
      case CHAT, CHAT_SOCKET, MISTRAL_CHAT, RESPONSES, RESPONSES_SOCKET ->
          Optional.ofNullable(Codecs.all().get(dialect));
      case MESSAGES -> Optional.of(new MessagesCodec(asked.anthropic().apiVersion()));
      case COUNT_TOKENS, EMBEDDINGS -> Optional.empty();
    };
  }

  /** Whether a model writes an answer, so that another model's will do. */
  public boolean generates() {
    return switch (this) {
      case CHAT, CHAT_SOCKET, MISTRAL_CHAT, MESSAGES, RESPONSES, RESPONSES_SOCKET -> true;
      case COUNT_TOKENS, EMBEDDINGS -> false;
    };
  }

  public String path() {
    return path;
  }

  public Dialect dialect() {
    return dialect;
  }

  public ErrorShape errors() {
    return errors;
  }

  /**
   * Reads a request.
   *
   * @throws RefusedException with {@code invalid_request} that names the field
   */
  public ClientRequest read(Buffer body) {
    return reader.apply(body);
  }

  /** What an event loop looks at answers with. */
  public StreamScan newScan() {
    return scan.get();
  }
}
