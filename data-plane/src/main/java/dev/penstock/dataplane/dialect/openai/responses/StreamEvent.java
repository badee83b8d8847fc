package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonParser;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.openai.responses.Wire.Span;
import java.io.IOException;

/**
 * What one event of a provider's stream says, whatever its type: fields that it does not have are
 * empty or 0.
 */
final class StreamEvent {

  private final Span data;
  private String type;
  private String delta = "";
  private String text = "";
  private int outputIndex;
  private int partIndex;
  private Span item = Span.NONE;
  private Span response = Span.NONE;

  private StreamEvent(Span data, String type) {
    this.data = data;
    this.type = type;
  }

  /**
   * @param name of the SSE event, which counts where the data have no type
   */
  static StreamEvent read(String name, Span data) throws MalformedAnswer {
    StreamEvent event = new StreamEvent(data, name);
    Wire.object(data, event::member);
    return event;
  }

  private void member(String name, JsonParser json) throws IOException {
    switch (name) {
      case "type" -> type = Wire.text(json);
      case "delta" -> delta = Wire.text(json);
      case "text", "refusal", "arguments" -> text = Wire.text(json);
      case "output_index" -> outputIndex = Wire.index(json);
      case "content_index", "summary_index" -> partIndex = Wire.index(json);
      case "item" -> item = Wire.span(json, data);
      case "response" -> response = Wire.span(json, data);
      default -> json.skipChildren();
    }
  }

  String type() {
    return type;
  }

  /** A further piece of a text or of arguments. */
  String delta() {
    return delta;
  }

  /** All of a text or of arguments, at its end. */
  String text() {
    return text;
  }

  int outputIndex() {
    return outputIndex;
  }

  /** Of a content part, or of a part of a summary. */
  int partIndex() {
    return partIndex;
  }

  Span item() {
    return item;
  }

  Span response() {
    return response;
  }

  /** The event itself, for errors. */
  Span data() {
    return data;
  }
}
