package dev.penstock.dataplane.dialect.mistral;

import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.dialect.openai.ChatErrors;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * Errors of Mistral's API, which have no object around them: {@code
 * {"object":"error","message","type","param","code","raw_status_code"}}. In a stream its SDKs raise
 * what OpenAI's raise, as it is no chunk; LangChain4j ignores what it cannot read, also an end
 * without {@code [DONE]}, and raises a broken connection alone (its version 1.18).
 */
public record MistralErrors() implements ErrorShape {

  private static final List<String> HEADERS =
      List.of("x-request-id", "request-id", "mistral-correlation-id");

  private static final int PAYMENT_REQUIRED = 402;
  private static final ErrorShape IN_STREAM = new ChatErrors();

  @Override
  public List<String> requestIdHeaders() {
    return HEADERS;
  }

  @Override
  public int status(Refusal.Code code) {
    return switch (code) {
      case BUDGET_EXHAUSTED, BUDGET_EXHAUSTED_MID_STREAM -> PAYMENT_REQUIRED;
      default -> code.status();
    };
  }

  @Override
  public Buffer body(Refusal refusal, String requestId) {
    String code = refusal.code().text();
    return body(
        refusal.message() + " (request " + requestId + ")",
        "penstock_" + code,
        refusal.param(),
        code,
        status(refusal.code()));
  }

  /** What a provider of whatever dialect found fault with, in this shape. */
  static Buffer body(ProviderError error, String requestId) {
    String code = error.code().isEmpty() ? Refusal.Code.UPSTREAM_ERROR.text() : error.code();
    return body(
        error.message() + " (request " + requestId + ")",
        code,
        error.param(),
        code,
        error.status());
  }

  private static Buffer body(
      String message, String type, Optional<String> param, String code, int status) {
    return JsonBody.of(json -> {
      json.writeStringField("object", "error");
      json.writeStringField("message", message);
      json.writeStringField("type", type);
      json.writeStringField("param", param.orElse(null));
      json.writeStringField("code", code);
      json.writeNumberField("raw_status_code", status);
    });
  }

  @Override
  public Buffer events(Refusal refusal, String requestId) {
    return IN_STREAM.events(refusal, requestId);
  }

  @Override
  public boolean breaksOff() {
    return true;
  }
}
