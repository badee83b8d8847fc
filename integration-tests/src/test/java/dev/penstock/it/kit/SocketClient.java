package dev.penstock.it.kit;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket, frame by frame. */
public final class SocketClient implements AutoCloseable {

  private final Inbox inbox = new Inbox();
  private final WebSocket socket;

  private SocketClient(Application application, String path, WebSocket.Builder handshake) {
    URI address = URI.create(application.gateway().toString().replace("http:", "ws:") + path);
    socket = handshake.buildAsync(address, inbox).join();
  }

  /** To chat completions. */
  public static SocketClient connect(Application application) {
    return connect(application, "/v1/chat/completions");
  }

  public static SocketClient connect(Application application, String path) {
    return new SocketClient(
        application,
        path,
        Http.CLIENT.newWebSocketBuilder().header("Authorization", "Bearer " + application.key()));
  }

  /** As a browser has to: without a header, and with the key among the protocols. */
  public static SocketClient offering(Application application, String path) {
    return new SocketClient(
        application,
        path,
        Http.CLIENT
            .newWebSocketBuilder()
            .subprotocols("realtime", "openai-insecure-api-key." + application.key()));
  }

  /** What the gateway has selected of what was offered. */
  public String protocol() {
    return socket.getSubprotocol();
  }

  public void send(String frame) {
    socket.sendText(frame, true).join();
  }

  public JsonNode next() {
    try {
      String frame = inbox.frames.poll(Patience.FOR_AN_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      if (frame == null) {
        throw new AssertionError("no frame within " + Patience.FOR_AN_ANSWER);
      }
      return Json.parse(frame);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** All frames up to and including the first one that is so. */
  public List<JsonNode> until(Predicate<JsonNode> last) {
    List<JsonNode> frames = new ArrayList<>();
    JsonNode frame;
    do {
      frame = next();
      frames.add(frame);
    } while (!last.test(frame));
    return frames;
  }

  /** Goes away without a word. */
  @Override
  public void close() {
    socket.abort();
  }

  private static final class Inbox implements WebSocket.Listener {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      partial.append(part);
      if (last) {
        frames.add(partial.toString());
        partial.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
