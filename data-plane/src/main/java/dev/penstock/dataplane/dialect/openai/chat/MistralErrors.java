package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.openai.ChatErrors;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Errors of Mistral's API, which have no object around them: {@code
 * {"object":"error","message","type","param","code","raw_status_code"}}. In a stream its SDK raises
 * what OpenAI's raise.
 */
public record MistralErrors() implements ErrorShape {

  private static final List<String> REQUEST_ID_HEADERS =
      List.of("x-request-id", "request-id", "mistral-correlation-id");

  private static final JsonFactory JSON = new JsonFactory();
  private static final int PAYMENT_REQUIRED = 402;
  private static final ErrorShape IN_STREAM = new ChatErrors();

  @Override
  public List<String> requestIdHeaders() {
    return REQUEST_ID_HEADERS;
  }

  @Override
  public int status(Refusal.Code code) {
    return code == Refusal.Code.BUDGET_EXHAUSTED ? PAYMENT_REQUIRED : code.status();
  }

  @Override
  public Buffer body(Refusal refusal, String requestId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("object", "error");
      json.writeStringField("message", refusal.message() + " (request " + requestId + ")");
      json.writeStringField("type", "penstock_" + refusal.code().text());
      json.writeStringField("param", refusal.param().orElse(null));
      json.writeStringField("code", refusal.code().text());
      json.writeNumberField("raw_status_code", status(refusal.code()));
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  @Override
  public Buffer events(Refusal refusal, String requestId) {
    return IN_STREAM.events(refusal, requestId);
  }
}
