package dev.penstock.dataplane.dialect.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A refusal in the shape of OpenAI's errors: {@code {"error":{"message","type","param","code"}}},
 * the only shape from which its SDKs read a message.
 */
public final class OpenAiError {

  private static final JsonFactory JSON = new JsonFactory();

  private OpenAiError() {}

  /** The error object with its envelope. */
  public static Buffer body(Refusal refusal, String requestId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeObjectFieldStart("error");
      json.writeStringField("message", refusal.message() + " (request " + requestId + ")");
      json.writeStringField("type", type(refusal.code()));
      if (refusal.param().isPresent()) {
        json.writeStringField("param", refusal.param().get());
      } else {
        json.writeNullField("param");
      }
      json.writeStringField("code", refusal.code().text());
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static String type(Refusal.Code code) {
    return switch (code) {
      case INVALID_API_KEY,
          KEY_EXPIRED,
          KEY_REVOKED,
          MODEL_NOT_FOUND,
          NOT_FOUND,
          GUARD_BLOCKED,
          INVALID_REQUEST,
          UNSUPPORTED_FIELD,
          REQUEST_TOO_LARGE,
          STALLED_CLIENT ->
          "invalid_request_error";
      case MODEL_NOT_ALLOWED, RESIDENCY_DENIED, TAG_REQUIRED, UNKNOWN_PRICE, ORIGIN_NOT_ALLOWED ->
          "permission_error";
      case BUDGET_EXHAUSTED -> "insufficient_quota";
      case RATE_LIMIT_EXCEEDED, CONCURRENCY_LIMIT_EXCEEDED, UPSTREAM_RATE_LIMITED ->
          "rate_limit_error";
      case BUDGET_UNAVAILABLE,
          POLICY_STALE,
          USAGE_BACKPRESSURE,
          OVERLOADED,
          NODE_DRAINING,
          NO_DEPLOYMENT_AVAILABLE,
          UPSTREAM_AUTH,
          UPSTREAM_ERROR,
          UPSTREAM_CUT,
          UPSTREAM_TIMEOUT,
          INTERNAL_ERROR ->
          "server_error";
    };
  }
}
