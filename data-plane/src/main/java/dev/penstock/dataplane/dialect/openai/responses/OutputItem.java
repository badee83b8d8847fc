package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonParser;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.openai.responses.Wire.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One item of a provider's output. */
final class OutputItem {

  /** A part of what it says or thinks. */
  record Said(boolean isRefusal, String text) {}

  private final Span object;
  private String type = "";
  private String callId = "";
  private String name = "";
  private String arguments = "";
  private String encrypted = "";
  private Span content = Span.NONE;
  private Span summary = Span.NONE;

  private OutputItem(Span object) {
    this.object = object;
  }

  static OutputItem read(Span object) throws MalformedAnswer {
    OutputItem item = new OutputItem(object);
    if (!object.isEmpty()) {
      Wire.object(object, item::member);
    }
    return item;
  }

  private void member(String field, JsonParser json) throws IOException {
    switch (field) {
      case "type" -> type = Wire.text(json);
      case "call_id" -> callId = Wire.text(json);
      case "name" -> name = Wire.text(json);
      case "arguments" -> arguments = Wire.text(json);
      case "encrypted_content" -> encrypted = Wire.text(json);
      case "content" -> content = Wire.span(json, object);
      case "summary" -> summary = Wire.span(json, object);
      default -> json.skipChildren();
    }
  }

  String type() {
    return type;
  }

  String callId() {
    return callId;
  }

  String name() {
    return name;
  }

  String arguments() {
    return arguments;
  }

  String encrypted() {
    return encrypted;
  }

  /** The parts of a message, by their content index. */
  List<Said> content() throws MalformedAnswer {
    return said(content);
  }

  /** The parts of a summary, or of the thoughts themselves where there is none. */
  List<Said> thoughts() throws MalformedAnswer {
    List<Said> summarised = said(summary);
    return summarised.isEmpty() ? said(content) : summarised;
  }

  private static List<Said> said(Span parts) throws MalformedAnswer {
    List<Said> said = new ArrayList<>();
    Wire.array(
        parts,
        part -> {
          String[] read = {"", ""};
          if (!part.isEmpty()) {
            Wire.object(
                part,
                (field, json) -> {
                  switch (field) {
                    case "type" -> read[0] = Wire.text(json);
                    case "text", "refusal" -> read[1] = Wire.text(json);
                    default -> json.skipChildren();
                  }
                });
          }
          said.add(new Said(read[0].equals("refusal"), read[1]));
        });
    return said;
  }
}
