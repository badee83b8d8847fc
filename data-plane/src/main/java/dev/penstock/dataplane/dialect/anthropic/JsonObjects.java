package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * A tool's arguments: an object on this wire, its text on others. Empty text means no arguments.
 */
final class JsonObjects {

  private JsonObjects() {}

  /** Whether the text is one JSON object and nothing else. */
  static boolean isObject(String text) {
    if (text.isBlank()) {
      return true;
    }
    try (JsonParser json = WireJson.FACTORY.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      json.skipChildren();
      return json.nextToken() == null;
    } catch (IOException malformed) {
      return false;
    }
  }

  /** Writes an object that {@link #isObject} has been asked about. */
  static void copy(String text, JsonGenerator out) throws IOException {
    if (text.isBlank()) {
      out.writeStartObject();
      out.writeEndObject();
      return;
    }
    try (JsonParser json = WireJson.FACTORY.createParser(text)) {
      json.nextToken();
      out.copyCurrentStructure(json);
    }
  }
}
