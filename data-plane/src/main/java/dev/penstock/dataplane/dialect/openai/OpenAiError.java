package dev.penstock.dataplane.dialect.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.exchange.Refusal;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * A refusal in the shape of OpenAI's errors: {@code {"error":{"message","type","param","code"}}},
 * the only shape from which its SDKs read a message.
 *
 * @param message may quote the request, where it is a provider's; goes into no log
 * @param code empty: none
 */
public record OpenAiError(String message, String type, Optional<String> param, String code) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper TREES = new ObjectMapper();

  /** The error object with its envelope. */
  public static Buffer body(Refusal refusal, String requestId) {
    return of(refusal, requestId).body();
  }

  /** A provider's own error, told with its words. */
  public static Buffer body(ProviderError error, String requestId) {
    return of(error, requestId).body();
  }

  /**
   * Whether SDKs find what they look for where they look for it: servers that are nearly compatible
   * number their codes, or give a text in place of the object.
   */
  public static boolean isWellTyped(byte[] body) {
    try {
      JsonNode error = TREES.readTree(body).path("error");
      JsonNode code = error.path("code");
      return error.path("message").isTextual()
          && (code.isMissingNode() || code.isNull() || code.isTextual());
    } catch (IOException noJson) {
      return false;
    }
  }

  /** What the object says of a refusal. */
  public static OpenAiError of(Refusal refusal, String requestId) {
    return new OpenAiError(
        refusal.message() + " (request " + requestId + ")",
        type(refusal.code()),
        refusal.param(),
        refusal.code().text());
  }

  private static OpenAiError of(ProviderError error, String requestId) {
    return new OpenAiError(
        error.message() + " (request " + requestId + ")",
        type(error.status()),
        error.param(),
        error.code());
  }

  /** The object's members, without the braces around them. */
  public void writeMembers(JsonGenerator json) throws IOException {
    json.writeStringField("message", message);
    json.writeStringField("type", type);
    json.writeStringField("param", param.orElse(null));
    json.writeStringField("code", code.isEmpty() ? null : code);
  }

  private Buffer body() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeObjectFieldStart("error");
      writeMembers(json);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static String type(int status) {
    if (status == 429) {
      return "rate_limit_error";
    }
    return status < 500 ? "invalid_request_error" : "server_error";
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
          PREVIOUS_RESPONSE_NOT_FOUND,
          STREAM_LIMIT_REACHED,
          CONNECTION_LIMIT_REACHED,
          STALLED_CLIENT ->
          "invalid_request_error";
      case MODEL_NOT_ALLOWED, RESIDENCY_DENIED, TAG_REQUIRED, UNKNOWN_PRICE, ORIGIN_NOT_ALLOWED ->
          "permission_error";
      case BUDGET_EXHAUSTED, BUDGET_EXHAUSTED_MID_STREAM -> "insufficient_quota";
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

  /** Without the message. */
  @Override
  public String toString() {
    return "OpenAiError[" + type + " " + code + "]";
  }
}
