package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import java.io.IOException;

/** Reads JSON objects of a provider's answer, member by member and without a tree. */
final class Wire {

  private static final JsonFactory JSON = new JsonFactory();

  private Wire() {}

  /** Is shown each member of an object, with the parser at its value. */
  @FunctionalInterface
  interface Member {

    /** Has to leave the parser at the value's end. */
    void read(String name, JsonParser json) throws IOException;
  }

  /**
   * Where an object or an array stands, to be read when it is known what it means.
   *
   * @param to after its last byte
   */
  record Span(byte[] bytes, int from, int to) {

    static final Span NONE = new Span(new byte[0], 0, 0);

    boolean isEmpty() {
      return from == to;
    }
  }

  /**
   * Reads one object, which is all there is.
   *
   * @throws MalformedAnswer where it is none
   */
  static void object(Span span, Member member) throws MalformedAnswer {
    try (JsonParser json = JSON.createParser(span.bytes(), span.from(), span.to() - span.from())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedAnswer("not a JSON object");
      }
      members(json, member);
      if (json.nextToken() != null) {
        throw new MalformedAnswer("something follows the JSON object");
      }
    } catch (IOException malformed) {
      throw new MalformedAnswer("not valid JSON");
    }
  }

  /** Reads the members of the object at which a parser stands; of any other value nothing. */
  static void members(JsonParser json, Member member) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      member.read(name, json);
    }
  }

  /** Is shown each element of an array. */
  @FunctionalInterface
  interface Element {
    void read(Span element) throws MalformedAnswer;
  }

  /** Reads the elements of an array, or of an empty span none. */
  static void array(Span span, Element element) throws MalformedAnswer {
    if (span.isEmpty()) {
      return;
    }
    try (JsonParser json = JSON.createParser(span.bytes(), span.from(), span.to() - span.from())) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw new MalformedAnswer("not a JSON array");
      }
      while (json.nextToken() != JsonToken.END_ARRAY) {
        element.read(span(json, span));
      }
    } catch (IOException malformed) {
      throw new MalformedAnswer("not valid JSON");
    }
  }

  /** Where the object or array at which a parser stands is; of any other value {@code NONE}. */
  static Span span(JsonParser json, Span within) throws IOException {
    if (json.currentToken() == null || !json.currentToken().isStructStart()) {
      return Span.NONE;
    }
    int from = within.from() + Math.toIntExact(json.currentTokenLocation().getByteOffset());
    json.skipChildren();
    int to = within.from() + Math.toIntExact(json.currentLocation().getByteOffset());
    return new Span(within.bytes(), from, to);
  }

  /** The text at which a parser stands; empty for {@code null} and whatever is no text. */
  static String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    json.skipChildren();
    return "";
  }

  /** The number at which a parser stands, without its fraction; 0 for whatever is none. */
  static long number(JsonParser json) throws IOException {
    if (json.currentToken().isNumeric()) {
      double value = json.getDoubleValue();
      return Math.abs(value) < 1L << 53 ? (long) value : 0;
    }
    json.skipChildren();
    return 0;
  }

  /** An index of an item or a part. */
  static int index(JsonParser json) throws IOException {
    long index = number(json);
    return index >= 0 && index <= Integer.MAX_VALUE ? (int) index : 0;
  }
}
