package dev.penstock.dataplane.relay.websocket;

import dev.penstock.dataplane.dialect.openai.OpenAiError;
import dev.penstock.dataplane.dialect.openai.chat.ClientId;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.relay.ClientChannel;
import dev.penstock.dataplane.relay.sse.EventBatch;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a WebSocket. Frames are {@code {"id":…,"event":{chunk}}}, then {@code
 * {"id":…,"done":true}} or {@code {"id":…,"error":{…}}}; the last one also names the request id.
 */
public final class SocketChannel implements ClientChannel {

  private final SocketSession session;
  private final String requestId;
  private String clientId = ClientId.NONE;

  /** What the id has to be found in if the exchange is refused before anybody has read it. */
  private @Nullable Buffer unread;

  private @Nullable Runnable goneHandler;
  private @Nullable Runnable drainHandler;
  private List<String> dropped = List.of();
  private boolean ended;

  SocketChannel(SocketSession session, String requestId, Buffer message) {
    this.session = session;
    this.requestId = requestId;
    unread = message;
  }

  @Override
  public void named(String idAsJson) {
    clientId = idAsJson;
    unread = null;
  }

  void left() {
    if (goneHandler != null) {
      goneHandler.run();
    }
  }

  void drained() {
    if (drainHandler != null) {
      drainHandler.run();
    }
  }

  @Override
  public String transport(boolean stream) {
    return "websocket";
  }

  @Override
  public boolean gone() {
    return session.gone();
  }

  @Override
  public void onGone(Runnable handler) {
    goneHandler = handler;
    if (session.gone()) {
      handler.run();
    }
  }

  @Override
  public void beginStream() {
    // frames need no beginning
  }

  @Override
  public void deliver(EventBatch batch) {
    for (int i = 0; i < batch.count(); i++) {
      if (batch.isKept(i) && batch.dataEnd(i) > batch.dataStart(i)) {
        session.send(
            "{\"id\":"
                + clientId
                + ",\"event\":"
                + new String(
                    batch.bytes(),
                    batch.dataStart(i),
                    batch.dataEnd(i) - batch.dataStart(i),
                    StandardCharsets.UTF_8)
                + "}");
      }
    }
  }

  @Override
  public void flush() {
    // every frame is sent at once
  }

  @Override
  public boolean full() {
    return session.full();
  }

  @Override
  public void onDrained(Runnable handler) {
    drainHandler = handler;
  }

  @Override
  public void endStream(Buffer terminal) {
    last("\"done\":true}");
  }

  @Override
  public void failStream(Refusal refusal, String id, Buffer events) {
    if (refusal.code() == Refusal.Code.STALLED_CLIENT) {
      ended = true;
      session.abort();
      return;
    }
    refuse(refusal, id);
  }

  @Override
  public void dropped(List<String> fields) {
    dropped = fields;
  }

  @Override
  public void estimated() {
    // no head is left to say it in: every exchange on a WebSocket is a stream
  }

  @Override
  public void answer(int status, Buffer json) {
    if (status >= 400) {
      last(json.toString(StandardCharsets.UTF_8).strip().substring(1)); // its one member is "error"
    } else {
      session.send(
          "{\"id\":" + clientId + ",\"event\":" + json.toString(StandardCharsets.UTF_8) + "}");
      last("\"done\":true}");
    }
  }

  @Override
  public void refuse(Refusal refusal, String id) {
    last(OpenAiError.body(refusal, id).toString(StandardCharsets.UTF_8).substring(1));
  }

  private void last(String rest) {
    if (ended) {
      return;
    }
    ended = true;
    if (unread != null) {
      named(ClientId.in(unread));
    }
    session.send(
        "{\"id\":" + clientId + ",\"request_id\":\"" + requestId + "\"," + losses() + rest);
    session.close(this);
  }

  /** What stands in a header elsewhere. */
  private String losses() {
    return dropped.isEmpty() ? "" : "\"dropped\":%s,".formatted(new JsonArray(dropped).encode());
  }
}
