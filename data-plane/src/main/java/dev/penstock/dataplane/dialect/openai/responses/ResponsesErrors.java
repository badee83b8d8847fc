package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.openai.OpenAiError;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Errors of OpenAI's Responses. */
public record ResponsesErrors() implements ErrorShape {

  private static final List<String> REQUEST_ID_HEADERS = List.of("x-request-id", "request-id");

  @Override
  public List<String> requestIdHeaders() {
    return REQUEST_ID_HEADERS;
  }

  @Override
  public int status(Refusal.Code code) {
    return code.status();
  }

  @Override
  public Buffer body(Refusal refusal, String requestId) {
    return OpenAiError.body(refusal, requestId);
  }

  /**
   * The event that every SDK raises, and no failed response after it: of a stream that went by as
   * bytes nobody knows what its response object said.
   */
  @Override
  public Buffer events(Refusal refusal, String requestId) {
    Buffer out = Buffer.buffer();
    OpenAiError error = OpenAiError.of(refusal, requestId);
    new EventWriter().write(out, "error", json -> writeEvent(json, error));
    return out;
  }

  /** The fault flat and nested. */
  static void writeEvent(JsonGenerator json, OpenAiError error) throws IOException {
    json.writeStringField("code", error.code());
    json.writeStringField("message", error.message());
    json.writeStringField("param", error.param().orElse(null));
    json.writeObjectFieldStart("error");
    error.writeMembers(json);
    json.writeEndObject();
  }

  /** The member {@code error} of a response. */
  static void writeMember(JsonGenerator json, @Nullable OpenAiError error) throws IOException {
    if (error == null) {
      json.writeNullField("error");
      return;
    }
    json.writeObjectFieldStart("error");
    json.writeStringField("code", error.code());
    json.writeStringField("message", error.message());
    json.writeEndObject();
  }

  @Override
  public boolean canRead(byte[] error) {
    return OpenAiError.isWellTyped(error);
  }
}
