package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.StreamScan;
import dev.penstock.dataplane.dialect.openai.ChatErrors;
import dev.penstock.dataplane.dialect.openai.chat.ChatRequest;
import dev.penstock.dataplane.dialect.openai.chat.ChunkScan;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import java.util.function.Supplier;

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
      ChunkScan::new);

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
