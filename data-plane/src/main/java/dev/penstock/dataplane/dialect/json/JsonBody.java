package dev.penstock.dataplane.dialect.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** A whole JSON object as a buffer. */
public final class JsonBody {

  private static final JsonMapper JSON = new JsonMapper();

  private JsonBody() {}

  /** What stands between the object's braces. */
  @FunctionalInterface
  public interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Goes through characters, as half a character, which JSON can hold and UTF-8 cannot, would stop
   * a generator of bytes; it becomes a question mark.
   */
  public static Buffer of(Members members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return Buffer.buffer(text.toString());
  }
}
