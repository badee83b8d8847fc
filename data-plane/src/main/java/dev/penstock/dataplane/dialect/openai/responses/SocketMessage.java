package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.dataplane.dialect.body.Fields;
import dev.penstock.dataplane.dialect.body.Range;
import dev.penstock.dataplane.dialect.body.RequestBody;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A client's message on a WebSocket: what is asked over HTTP, with a few members around it that
 * only the connection needs. Holds the prompt; {@link #toString} does not show it. Source: OpenAI's
 * guide "WebSocket mode".
 */
public final class SocketMessage {

  public static final String CREATE = "response.create";
  public static final String STEER = "response.steer";

  private static final Pattern STREAM_ID = Pattern.compile("[A-Za-z0-9_.-]{1,256}");

  private final Buffer bytes;
  private final List<Range> members = new ArrayList<>();
  private String type = "";
  private String streamId = "";
  private String previousId = "";
  private Range previousMember = Range.ABSENT;
  private Range input = Range.ABSENT;
  private boolean inputIsText;
  private boolean generate = true;
  private boolean contextElsewhere;

  private SocketMessage(Buffer bytes) {
    this.bytes = bytes;
    RequestBody.read(bytes, this::readMember);
  }

  /**
   * Reads a message as far as the connection has to know it.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static SocketMessage read(Buffer message) {
    return new SocketMessage(message);
  }

  private void readMember(String field, JsonParser json, int nameStart) throws IOException {
    int start = Fields.start(json);
    switch (field) {
      case "type" -> type = text(json, field);
      case "stream_id" -> streamId = streamId(json);
      case "generate" -> generate = json.currentToken() == JsonToken.VALUE_NULL || flag(json);
      case "stream" -> json.skipChildren(); // events are all there is on a socket
      case "previous_response_id" -> {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
          previousId = text(json, field);
          previousMember = new Range(nameStart, Fields.end(json));
        }
      }
      case "input" -> {
        inputIsText = json.currentToken() == JsonToken.VALUE_STRING;
        boolean isInput = inputIsText || json.currentToken() == JsonToken.START_ARRAY;
        json.skipChildren();
        Range value = new Range(start, Fields.end(json));
        if (isInput) {
          input = value;
        } else {
          members.add(new Range(nameStart, value.end())); // refused where the request is read
        }
      }
      default -> {
        boolean isNull = json.currentToken() == JsonToken.VALUE_NULL;
        contextElsewhere |= !isNull && (field.equals("conversation") || field.equals("prompt"));
        json.skipChildren();
        members.add(new Range(nameStart, Fields.end(json)));
      }
    }
  }

  private static boolean flag(JsonParser json) {
    return Fields.flag(json, "generate");
  }

  private static String text(JsonParser json, String field) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw Fields.invalid(field, "The field " + field + " must be a string.");
    }
    return json.getText();
  }

  private static String streamId(JsonParser json) throws IOException {
    String id = text(json, "stream_id");
    if (!STREAM_ID.matcher(id).matches()) {
      throw Fields.invalid(
          "stream_id",
          "The field stream_id must have 1 to 256 letters, digits, underscores, hyphens or periods;"
              + " leave it out for a connection with one conversation.");
    }
    return id;
  }

  /** What the client wants; empty where it does not say. */
  public String type() {
    return type;
  }

  /** The lane; empty: the one without a name. */
  public String streamId() {
    return streamId;
  }

  /** The response that this one goes on from; empty: none. */
  public String previousId() {
    return previousId;
  }

  /** Whether the client wants an answer, and not only its input taken in. */
  public boolean generate() {
    return generate;
  }

  /** Whether a part of the conversation is neither here nor in an earlier response. */
  public boolean hasContextElsewhere() {
    return contextElsewhere;
  }

  /** The input as items, without the brackets around them. */
  public Buffer items() {
    if (!input.present()) {
      return Buffer.buffer();
    }
    if (inputIsText) {
      return Buffer.buffer("{\"type\":\"message\",\"role\":\"user\",\"content\":")
          .appendBuffer(bytes, input.start(), input.end() - input.start())
          .appendString("}");
    }
    int from = input.start() + 1;
    int to = input.end() - 1;
    while (from < to && bytes.getByte(from) <= ' ') {
      from++;
    }
    return bytes.getBuffer(from, to);
  }

  /** The input as the client wrote it; empty where there is none. */
  public Buffer input() {
    return input.present() ? bytes.getBuffer(input.start(), input.end()) : Buffer.buffer();
  }

  /** The request in the form of an HTTP body, every other byte of it as it came. */
  public Buffer body() {
    Buffer body = otherMembers();
    if (previousMember.present()) {
      append(body, previousMember);
    }
    if (input.present()) {
      body.appendString(",\"input\":").appendBuffer(input());
    }
    return body.appendString("}");
  }

  /**
   * The same with the conversation before it in place of the response that it goes on from.
   *
   * @param history items, without the brackets around them
   */
  public Buffer bodyAfter(Buffer history) {
    Buffer items = items();
    return otherMembers()
        .appendString(",\"input\":[")
        .appendBuffer(history)
        .appendString(history.length() > 0 && items.length() > 0 ? "," : "")
        .appendBuffer(items)
        .appendString("]}");
  }

  private Buffer otherMembers() {
    Buffer body = Buffer.buffer(bytes.length() + 64).appendString("{\"stream\":true");
    members.forEach(member -> append(body, member));
    return body;
  }

  private void append(Buffer body, Range member) {
    body.appendString(",").appendBuffer(bytes, member.start(), member.end() - member.start());
  }

  @Override
  public String toString() {
    return "SocketMessage[" + bytes.length() + " bytes]";
  }
}
