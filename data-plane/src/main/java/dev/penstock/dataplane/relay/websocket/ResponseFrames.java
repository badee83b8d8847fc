package dev.penstock.dataplane.relay.websocket;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.dialect.openai.responses.SocketMessage;
import dev.penstock.dataplane.relay.websocket.ResponseLanes.Turn;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Responses: the events of the stream as they are, with the lane's name where it has one, and
 * {@code {"type":"error","status":…,"error":{…}}} as the last where there is no whole answer. The
 * last one also names the request id. Source: OpenAI's guide "WebSocket mode".
 */
public final class ResponseFrames implements SocketFrames {

  private static final Set<String> TERMINAL = Set.of("completed", "incomplete", "failed");

  /** Where a provider's own words cannot be read. */
  private static final String UNSAID =
      "{\"message\":\"The provider refused the request.\",\"type\":\"server_error\",\"code\":\"upstream_error\",\"param\":null}";

  private final String lane;
  private final Optional<Turn> turn;

  ResponseFrames(String lane, Optional<Turn> turn) {
    this.lane = lane;
    this.turn = turn;
  }

  @Override
  public void named(String idAsJson) {
    // the lane names the exchange
  }

  @Override
  public String event(String json) {
    return with("", json);
  }

  /** The object with further members first; empty where it is no object that has any. */
  private String with(String members, String json) {
    int first = json.indexOf('{') + 1;
    boolean isEvent = first > 0 && json.indexOf('"', first) >= 0;
    String all = laneMember() + members;
    if (!isEvent || all.isEmpty()) {
      return isEvent ? json : "";
    }
    return "{" + all + json.substring(first);
  }

  /** A name has no character that JSON escapes. */
  private String laneMember() {
    return lane.isEmpty() ? "" : "\"stream_id\":\"" + lane + "\",";
  }

  @Override
  public String end(String terminal, Closing closing) {
    turn.ifPresent(it -> it.completed(terminal));
    return with(closing.members(), terminal);
  }

  /** A provider that answers whole in place of a stream has said all that its last event would. */
  @Override
  public List<String> answer(Buffer json, Closing closing) {
    String status = member(json, "status") instanceof String word ? word : "";
    String type = TERMINAL.contains(status) ? status : "completed";
    return List.of(
        end(
            "{\"type\":\"response.%s\",\"sequence_number\":0,\"response\":%s}"
                .formatted(type, json.toString(StandardCharsets.UTF_8)),
            closing));
  }

  @Override
  public String error(int status, Buffer json, Closing closing) {
    turn.ifPresent(Turn::failed);
    String error = member(json, "error") instanceof JsonObject words ? words.encode() : UNSAID;
    return "{\"type\":\"error\",%s%s\"status\":%d,\"error\":%s}"
        .formatted(laneMember(), closing.members(), status, error);
  }

  /** A member of what a provider has said; null where that cannot be read after all. */
  private static @Nullable Object member(Buffer json, String name) {
    try {
      return new JsonObject(json).getValue(name);
    } catch (DecodeException malformed) {
      return null;
    }
  }

  @Override
  public void over() {
    turn.ifPresent(Turn::over);
  }

  /** What a response gets that is to be changed while it runs: its input back. */
  static String steeringFailure(SocketMessage message) {
    return JsonBody.of(json -> writeFailure(json, message)).toString();
  }

  private static void writeFailure(JsonGenerator json, SocketMessage message) throws IOException {
    json.writeStringField("type", "response.steer.failed");
    json.writeNumberField("sequence_number", 0);
    if (!message.streamId().isEmpty()) {
      json.writeStringField("stream_id", message.streamId());
    }
    json.writeObjectFieldStart("steer");
    json.writeStringField("previous_response_id", message.previousId());
    if (message.input().length() > 0) {
      json.writeFieldName("input");
      json.writeRawValue(message.input().toString(StandardCharsets.UTF_8));
    }
    json.writeEndObject();
    json.writeObjectFieldStart("error");
    json.writeStringField("type", "invalid_request_error");
    json.writeStringField("code", "steering_not_supported");
    json.writeStringField(
        "message",
        "A running response cannot be steered through this gateway; send the input with the next"
            + " response.create.");
    json.writeEndObject();
  }
}
