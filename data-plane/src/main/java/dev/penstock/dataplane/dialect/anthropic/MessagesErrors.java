package dev.penstock.dataplane.dialect.anthropic;

import static java.time.temporal.ChronoUnit.SECONDS;

import dev.penstock.dataplane.dialect.Allowance;
import dev.penstock.dataplane.dialect.Allowance.Left;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Errors as Anthropic's SDKs read them: {@code {"type":"error","error":{"type","message"},
 * "request_id"}}. The dialect has no field for a code, so ours stands behind the sentence.
 *
 * <p>Source: Anthropic API reference, "Errors".
 */
public record MessagesErrors() implements ErrorShape {

  private static final List<String> REQUEST_ID_HEADERS = List.of("request-id", "x-request-id");

  /** What an error is called, and the status that belongs to it. */
  private enum Type {
    INVALID_REQUEST("invalid_request_error"),
    AUTHENTICATION("authentication_error"),
    BILLING("billing_error"),
    PERMISSION("permission_error"),
    NOT_FOUND("not_found_error"),
    CONFLICT("conflict_error"),
    TOO_LARGE("request_too_large"),
    RATE_LIMIT("rate_limit_error"),
    API("api_error"),
    TIMEOUT("timeout_error"),
    OVERLOADED("overloaded_error");

    private final String word;

    Type(String word) {
      this.word = word;
    }
  }

  @Override
  public List<String> requestIdHeaders() {
    return REQUEST_ID_HEADERS;
  }

  /** As Anthropic's own streams do it. */
  @Override
  public Buffer keepAlive() {
    Buffer out = Buffer.buffer();
    Frames.ping(out);
    return out;
  }

  @Override
  public Buffer body(Refusal refusal, String requestId) {
    String message = refusal.message() + " (" + refusal.code().text() + ")";
    return body(type(refusal.code()), message, requestId);
  }

  @Override
  public Buffer events(Refusal refusal, String requestId) {
    return Buffer.buffer("event: error\ndata: ")
        .appendBuffer(body(refusal, requestId))
        .appendString("\n\n");
  }

  /** A provider's own fault-finding. */
  public Buffer body(ProviderError error, String requestId) {
    boolean ourKey = error.status() == 401 || error.status() == 403;
    String message =
        ourKey ? "The provider refuses the credential of this gateway." : error.message();
    return body(type(status(error)), message, requestId);
  }

  private static Buffer body(Type type, String message, String requestId) {
    return Buffer.buffer(
        "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":%s},\"request_id\":%s}"
            .formatted(type.word, Frames.quote(message), Frames.quote(requestId)));
  }

  /** Source: Anthropic documentation, "Rate limits", response headers. */
  @Override
  public Map<String, String> limitHeaders(Allowance allowance) {
    Map<String, String> headers = new LinkedHashMap<>();
    allowance.requests().ifPresent(left -> put(headers, "requests", left, allowance.at()));
    allowance.tokens().ifPresent(left -> put(headers, "tokens", left, allowance.at()));
    return headers;
  }

  private static void put(Map<String, String> headers, String what, Left left, Instant at) {
    String name = "anthropic-ratelimit-" + what;
    headers.put(name + "-limit", String.valueOf(left.perMinute()));
    headers.put(name + "-remaining", String.valueOf(left.left()));
    // In whole seconds, the next one: earlier it would not be full yet.
    Instant full = at.plus(left.untilFull()).plusNanos(999_999_999).truncatedTo(SECONDS);
    headers.put(name + "-reset", full.toString());
  }

  @Override
  public int status(Code code) {
    if (code == Code.BUDGET_EXHAUSTED || code == Code.BUDGET_EXHAUSTED_MID_STREAM) {
      return 402;
    }
    return code == Code.OVERLOADED ? 529 : code.status();
  }

  /** The HTTP status with which a provider's error is told to a client of this dialect. */
  public int status(ProviderError error) {
    return switch (error.status()) {
      case 401, 403 -> 500; // the provider refuses our key; the client's own is good
      case 422 -> 400;
      case 503 -> 529;
      default -> error.status();
    };
  }

  private static Type type(int status) {
    return switch (status) {
      case 402 -> Type.BILLING;
      case 404 -> Type.NOT_FOUND;
      case 409 -> Type.CONFLICT;
      case 413 -> Type.TOO_LARGE;
      case 429 -> Type.RATE_LIMIT;
      case 408, 504 -> Type.TIMEOUT;
      case 529 -> Type.OVERLOADED;
      default -> status < 500 ? Type.INVALID_REQUEST : Type.API;
    };
  }

  private static Type type(Code code) {
    return switch (code) {
      case INVALID_API_KEY, KEY_EXPIRED, KEY_REVOKED -> Type.AUTHENTICATION;
      case MODEL_NOT_FOUND, NOT_FOUND -> Type.NOT_FOUND;
      case MODEL_NOT_ALLOWED, RESIDENCY_DENIED, TAG_REQUIRED, UNKNOWN_PRICE, ORIGIN_NOT_ALLOWED ->
          Type.PERMISSION;
      case GUARD_BLOCKED,
          INVALID_REQUEST,
          UNSUPPORTED_FIELD,
          PREVIOUS_RESPONSE_NOT_FOUND,
          STREAM_LIMIT_REACHED,
          CONNECTION_LIMIT_REACHED ->
          Type.INVALID_REQUEST;
      case REQUEST_TOO_LARGE -> Type.TOO_LARGE;
      case BUDGET_EXHAUSTED, BUDGET_EXHAUSTED_MID_STREAM -> Type.BILLING;
      case RATE_LIMIT_EXCEEDED, CONCURRENCY_LIMIT_EXCEEDED, UPSTREAM_RATE_LIMITED ->
          Type.RATE_LIMIT;
      case BUDGET_UNAVAILABLE,
          POLICY_STALE,
          USAGE_BACKPRESSURE,
          OVERLOADED,
          NODE_DRAINING,
          NO_DEPLOYMENT_AVAILABLE ->
          Type.OVERLOADED;
      case UPSTREAM_TIMEOUT, STALLED_CLIENT -> Type.TIMEOUT;
      case UPSTREAM_AUTH, UPSTREAM_ERROR, UPSTREAM_CUT, INTERNAL_ERROR -> Type.API;
    };
  }
}
