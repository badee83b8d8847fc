package dev.penstock.dataplane.relay.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.config.Limits;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketSessionTest {

  private final Vertx vertx = Vertx.vertx();
  private final CompletableFuture<String> told = new CompletableFuture<>();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void tellsEveryExchangeThatTheClientHasLeftEvenIfOneFails() throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .webSocketHandler(this::openTwo)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    WebSocketClient client = vertx.createWebSocketClient();

    client
        .connect(server.actualPort(), "127.0.0.1", "/")
        .compose(socket -> socket.close())
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);

    assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo("second");
  }

  private void openTwo(ServerWebSocket socket) {
    SocketSession session = new SocketSession(vertx, socket, Limits.DEFAULTS, () -> {});
    session
        .open("first", new ChatFrames(Buffer.buffer()))
        .onGone(() -> {
          throw new IllegalStateException("the first exchange fails");
        });
    session.open("second", new ChatFrames(Buffer.buffer())).onGone(() -> told.complete("second"));
  }
}
