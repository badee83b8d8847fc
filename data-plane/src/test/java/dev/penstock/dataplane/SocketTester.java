package dev.penstock.dataplane;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of the node's WebSockets: keeps what comes, and how the connection ended. */
final class SocketTester implements WebSocket.Listener {

  static final String CHAT = "/v1/chat/completions";
  static final String RESPONSES = "/v1/responses";

  final List<JsonObject> frames = new CopyOnWriteArrayList<>();
  final List<String> texts = new CopyOnWriteArrayList<>();
  final AtomicInteger pings = new AtomicInteger();
  final AtomicInteger pongs = new AtomicInteger();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  final WebSocket socket;

  private SocketTester(NodeTester node, String path, boolean withHeader, List<String> protocols) {
    WebSocket.Builder builder = node.http.newWebSocketBuilder();
    if (withHeader) {
      builder.header("authorization", "Bearer " + node.key());
    }
    if (!protocols.isEmpty()) {
      builder.subprotocols(
          protocols.getFirst(), protocols.subList(1, protocols.size()).toArray(String[]::new));
    }
    socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + node.port + path), this).join();
  }

  static SocketTester connect(NodeTester node, String path) {
    return new SocketTester(node, path, true, List.of());
  }

  /** Without a header; the key has to be among the protocols. */
  static SocketTester offering(NodeTester node, String path, String... protocols) {
    return new SocketTester(node, path, false, List.of(protocols));
  }

  SocketTester send(String message) {
    socket.sendText(message, true).join();
    return this;
  }

  /** The first frame of that kind, whenever it comes. */
  JsonObject first(Predicate<JsonObject> is) {
    return await()
        .until(() -> frames.stream().filter(is).findFirst(), found -> found.isPresent())
        .orElseThrow();
  }

  /** The first frame of that type. */
  JsonObject first(String type) {
    return first(frame -> type.equals(frame.getString("type")));
  }

  /** Code and reason. */
  String closed() throws Exception {
    return closed.get(15, TimeUnit.SECONDS);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      texts.add(text.toString());
      frames.add(new JsonObject(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    pings.incrementAndGet();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    pongs.incrementAndGet();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.completeExceptionally(error);
  }
}
