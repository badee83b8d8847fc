package dev.penstock.dataplane.relay.websocket;

import dev.penstock.dataplane.dialect.openai.chat.ClientId;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chat Completions: {@code {"id":…,"event":{chunk}}}, then {@code {"id":…,"request_id":…,
 * "done":true}} or {@code {"id":…,"request_id":…,"status":…,"error":{…}}}.
 */
public final class ChatFrames implements SocketFrames {

  private String clientId = ClientId.NONE;

  /** What the id has to be found in if the exchange is refused before anybody has read it. */
  private @Nullable Buffer unread;

  public ChatFrames(Buffer message) {
    unread = message;
  }

  @Override
  public void named(String idAsJson) {
    clientId = idAsJson;
    unread = null;
  }

  @Override
  public String event(String json) {
    return "{\"id\":" + clientId + ",\"event\":" + json + "}";
  }

  @Override
  public String end(String terminal, Closing closing) {
    return last(closing, "\"done\":true}");
  }

  @Override
  public List<String> answer(Buffer json, Closing closing) {
    return List.of(event(json.toString(StandardCharsets.UTF_8)), end("", closing));
  }

  @Override
  public String error(int status, Buffer json, Closing closing) {
    // its one member is "error"
    String error = json.toString(StandardCharsets.UTF_8).strip().substring(1);
    return last(closing, "\"status\":" + status + "," + error);
  }

  @Override
  public void over() {
    // nothing of an exchange outlives it here
  }

  private String last(Closing closing, String rest) {
    if (unread != null) {
      named(ClientId.in(unread));
    }
    return "{\"id\":" + clientId + "," + closing.members() + rest;
  }
}
