package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The client's own id of a WebSocket message, a string or an integer beside the request's fields,
 * as JSON. It stands in every frame of the answer.
 */
public final class ClientId {

  /** What stands in the frames where there is no id, or it cannot be told. */
  public static final String NONE = "null";

  static final int MAX_BYTES = 128;

  /** How much of a message that is refused unread is searched. */
  private static final int SEARCHED_BYTES = 64 * 1024;

  private static final JsonFactory JSON = new JsonFactory();

  private ClientId() {}

  /** Whether the value at which a parser stands is an id. */
  static boolean isAt(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    return (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT)
        && json.getText().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
  }

  /** Finds the id in a message that is refused; whatever else is wrong with it does not matter. */
  public static String in(Buffer message) {
    byte[] bytes = message.getBytes(0, Math.min(message.length(), SEARCHED_BYTES));
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return NONE;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean isId = "id".equals(json.currentName());
        json.nextToken();
        if (isId) {
          return isAt(json) ? text(json, bytes) : NONE;
        }
        json.skipChildren();
      }
      return NONE;
    } catch (IOException unreadable) {
      return NONE;
    }
  }

  private static String text(JsonParser json, byte[] bytes) throws IOException {
    int start = Math.toIntExact(json.currentTokenLocation().getByteOffset());
    json.finishToken();
    int end = Math.toIntExact(json.currentLocation().getByteOffset());
    // A number that ends where the search does may go on.
    return end == bytes.length
        ? NONE
        : new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
