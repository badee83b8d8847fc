package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import java.io.IOException;

/**
 * One event of a stream, a whole message or an error, read in one pass whatever the order of its
 * fields; a message as such and the {@code message} inside a {@code message_start} look the same
 * here. Reused from event to event by one answer.
 */
final class AnswerEvent {

  /** Is given the blocks of a whole message, each valid during the call. */
  interface Blocks {
    void block(Piece piece) throws MalformedAnswer;
  }

  private static final int NO_INDEX = -1;

  final UsageCount usage;
  final Piece piece = new Piece();
  String type = "";
  String id = "";
  String model = "";
  int index = NO_INDEX;
  boolean usageStated;
  String errorType = "";
  String errorMessage = "";

  AnswerEvent(UsageCount usage) {
    this.usage = usage;
  }

  /** Reads an event of a stream, or an error in place of an answer. */
  void read(byte[] bytes, int from, int to) throws MalformedAnswer {
    read(bytes, from, to, _ -> {});
  }

  /** Reads a whole message as well; its blocks are given away one by one. */
  void read(byte[] bytes, int from, int to, Blocks blocks) throws MalformedAnswer {
    clear();
    try (JsonParser json = WireJson.FACTORY.createParser(bytes, from, to - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedAnswer("it is no JSON object");
      }
      readObject(json, blocks);
      if (json.nextToken() != null) {
        throw new MalformedAnswer("something follows its JSON object");
      }
    } catch (IOException malformed) {
      throw new MalformedAnswer("it is not JSON");
    }
  }

  private void clear() {
    piece.clear();
    type = "";
    id = "";
    model = "";
    index = NO_INDEX;
    usageStated = false;
    errorType = "";
    errorMessage = "";
  }

  private void readObject(JsonParser json, Blocks blocks) throws IOException, MalformedAnswer {
    JsonToken token;
    while ((token = json.nextToken()) == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "type" -> type = Piece.text(json);
        case "index" -> index = index(json);
        case "message" -> readMessage(json, blocks);
        case "content_block", "delta" -> piece.read(json);
        case "error" -> readError(json);
        default -> readMessageField(field, json, blocks);
      }
    }
    if (token != JsonToken.END_OBJECT) {
      throw new MalformedAnswer("it ends too early");
    }
  }

  /** The message inside an event; its {@code type} is not the event's. */
  private void readMessage(JsonParser json, Blocks blocks) throws IOException, MalformedAnswer {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      errorMessage = Piece.text(json); // of an error without an envelope
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      readMessageField(field, json, blocks);
    }
  }

  private void readMessageField(String field, JsonParser json, Blocks blocks)
      throws IOException, MalformedAnswer {
    switch (field) {
      case "id" -> id = Piece.text(json);
      case "model" -> model = Piece.text(json);
      case "usage" -> {
        usage.read(json);
        usageStated = true;
      }
      case "content" -> readContent(json, blocks);
      case "stop_reason", "stop_sequence", "stop_details" -> piece.readField(field, json);
      default -> json.skipChildren();
    }
  }

  private static void readContent(JsonParser json, Blocks blocks)
      throws IOException, MalformedAnswer {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new MalformedAnswer("its content is no array");
    }
    Piece block = new Piece();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      block.clear();
      block.read(json);
      blocks.block(block);
    }
    if (json.currentToken() != JsonToken.END_ARRAY) {
      throw new MalformedAnswer("its content holds something that is no block");
    }
  }

  private static int index(JsonParser json) throws IOException {
    boolean fits =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() == JsonParser.NumberType.INT;
    int index = fits ? json.getIntValue() : NO_INDEX;
    json.skipChildren();
    return index;
  }

  private void readError(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      errorMessage = json.getText();
      return;
    }
    WireJson.members(json, this::readErrorField);
  }

  private void readErrorField(String field, JsonParser json) throws IOException {
    switch (field) {
      case "type" -> errorType = Piece.text(json);
      case "message" -> errorMessage = Piece.text(json);
      default -> json.skipChildren();
    }
  }
}
