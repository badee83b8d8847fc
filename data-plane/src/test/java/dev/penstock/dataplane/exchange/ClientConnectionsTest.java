package dev.penstock.dataplane.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.config.Limits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientConnectionsTest {

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final ClientConnections clients = new ClientConnections(vertx, Limits.DEFAULTS);

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  @Test
  void forgetsAConnectionThatIsClosedEvenIfWhoEndedTheExchangeListensToo() throws Exception {
    int port = listen();
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      assertThat(watched()).isEqualTo(1);
    }

    await().until(() -> watched() == 0);
  }

  private int listen() throws Exception {
    CompletableFuture<HttpServer> listening = new CompletableFuture<>();
    loop.runOnContext(now ->
        vertx
            .createHttpServer()
            .connectionHandler(clients::opened)
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .onSuccess(listening::complete)
            .onFailure(listening::completeExceptionally));
    return listening.get(10, TimeUnit.SECONDS).actualPort();
  }

  private void answer(HttpServerRequest request) {
    clients.asked(request);
    request.response().end();
    request.connection().closeHandler(closed -> {});
  }

  private int watched() throws Exception {
    CompletableFuture<Integer> count = new CompletableFuture<>();
    loop.runOnContext(now -> count.complete(clients.watched()));
    return count.get(10, TimeUnit.SECONDS);
  }

  private static void get(Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
