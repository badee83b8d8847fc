package dev.penstock.dataplane.dialect.openai.responses;

import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.dialect.json.JsonText;
import io.vertx.core.buffer.Buffer;

/** Writes the events of one stream, numbered from 0 as the dialect demands. */
final class EventWriter {

  private long sequence;

  /** One event; {@code members} come after its type and number. */
  void write(Buffer out, String type, JsonBody.Members members) {
    Buffer data =
        JsonBody.of(json -> {
          json.writeStringField("type", type);
          json.writeNumberField("sequence_number", sequence++);
          members.write(json);
        });
    out.appendString(head(type)).appendBuffer(data).appendString("\n\n");
  }

  private static String head(String type) {
    return "event: " + type + "\ndata: ";
  }

  /** What all deltas of an item begin with, so that each one only adds its text. */
  static Buffer deltaStart(String type, JsonBody.Members members) {
    Buffer data =
        JsonBody.of(json -> {
          json.writeStringField("type", type);
          members.write(json);
        });
    return Buffer.buffer(head(type))
        .appendBuffer(data, 0, data.length() - 1)
        .appendString(",\"delta\":\"");
  }

  /**
   * One delta.
   *
   * @param rest further members, each after a comma
   */
  void delta(Buffer out, Buffer start, String text, String rest) {
    out.appendBuffer(start);
    JsonText.append(out, text);
    out.appendString("\"" + rest + ",\"sequence_number\":" + sequence++ + "}\n\n");
  }
}
