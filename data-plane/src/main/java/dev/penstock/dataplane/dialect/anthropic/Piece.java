package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;

/**
 * A block of content or what is added to one, as the wire has it. Every field that is not there is
 * empty; reused from event to event by one answer.
 */
final class Piece {

  private final WireJson.Member eachField = this::readField; // made once, as deltas are many

  String type = "";
  String text = "";
  String thinking = "";
  String signature = "";
  String partialJson = "";
  String encrypted = "";
  String id = "";
  String name = "";

  /** A tool's arguments as JSON text; empty where there are none. */
  String input = "";

  String stopReason = "";
  String stopSequence = "";
  String explanation = "";

  void clear() {
    type = "";
    text = "";
    thinking = "";
    signature = "";
    partialJson = "";
    encrypted = "";
    id = "";
    name = "";
    input = "";
    stopReason = "";
    stopSequence = "";
    explanation = "";
  }

  /** Reads the value at which the parser stands. */
  void read(JsonParser json) throws IOException {
    WireJson.members(json, eachField);
  }

  /** Reads one field, at whose value the parser stands. */
  void readField(String field, JsonParser json) throws IOException {
    switch (field) {
      case "type" -> type = text(json);
      case "text" -> text = text(json);
      case "thinking" -> thinking = text(json);
      case "signature" -> signature = text(json);
      case "partial_json" -> partialJson = text(json);
      case "data" -> encrypted = text(json);
      case "id" -> id = text(json);
      case "name" -> name = text(json);
      case "input" -> input = object(json);
      case "stop_reason" -> stopReason = text(json);
      case "stop_sequence" -> stopSequence = text(json);
      case "stop_details" -> WireJson.members(json, this::readDetail);
      default -> json.skipChildren();
    }
  }

  private void readDetail(String field, JsonParser json) throws IOException {
    if ("explanation".equals(field)) {
      explanation = text(json);
    } else {
      json.skipChildren();
    }
  }

  /** A string; anything else is passed over and read as empty. */
  static String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return "";
  }

  private static String object(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return "";
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator copy = WireJson.FACTORY.createGenerator(text)) {
      copy.copyCurrentStructure(json);
    }
    return "{}".contentEquals(text.getBuffer()) ? "" : text.toString();
  }
}
