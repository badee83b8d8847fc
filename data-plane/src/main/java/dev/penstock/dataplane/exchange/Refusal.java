package dev.penstock.dataplane.exchange;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Why a client does not get what it asked for, in words meant for it: Penstock's own no, or what
 * became of a provider. A fault of ours is {@link Code#INTERNAL_ERROR}, and says nothing but the
 * request id.
 *
 * @param message a sentence that says what to do; never holds a key or a secret, but may quote a
 *     provider, so that it goes to the client and into no log or record
 * @param param the field that is wrong, where there is one
 * @param retryAfterMillis when trying again makes sense; there for every code that is worth it
 */
public record Refusal(
    Code code, String message, Optional<String> param, OptionalLong retryAfterMillis) {

  /** Where nothing says more: long enough for a node to be another one. */
  private static final long RETRY_AFTER_MILLIS = 1_000;

  public Refusal {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    if (retryAfterMillis.isEmpty() && code.worthRetrying()) {
      retryAfterMillis = OptionalLong.of(RETRY_AFTER_MILLIS);
    }
  }

  /** Whether policy said no, or something that should have worked did not. */
  public enum Kind {
    DENIED,
    FAILED
  }

  /** The catalogue; names and statuses are fixed from the first release. */
  public enum Code {
    INVALID_API_KEY("invalid_api_key", 401, Kind.DENIED),
    KEY_EXPIRED("key_expired", 401, Kind.DENIED),
    KEY_REVOKED("key_revoked", 401, Kind.DENIED),
    MODEL_NOT_FOUND("model_not_found", 404, Kind.DENIED),
    NOT_FOUND("not_found", 404, Kind.DENIED),
    MODEL_NOT_ALLOWED("model_not_allowed", 403, Kind.DENIED),
    RESIDENCY_DENIED("residency_denied", 403, Kind.DENIED),
    TAG_REQUIRED("tag_required", 403, Kind.DENIED),
    UNKNOWN_PRICE("unknown_price", 403, Kind.DENIED),
    ORIGIN_NOT_ALLOWED("origin_not_allowed", 403, Kind.DENIED),
    GUARD_BLOCKED("guard_blocked", 400, Kind.DENIED),
    INVALID_REQUEST("invalid_request", 400, Kind.DENIED),
    UNSUPPORTED_FIELD("unsupported_field", 400, Kind.DENIED),
    REQUEST_TOO_LARGE("request_too_large", 413, Kind.DENIED),
    PREVIOUS_RESPONSE_NOT_FOUND("previous_response_not_found", 400, Kind.DENIED),
    STREAM_LIMIT_REACHED("websocket_stream_limit_reached", 400, Kind.DENIED),
    CONNECTION_LIMIT_REACHED("websocket_connection_limit_reached", 400, Kind.DENIED),
    RATE_LIMIT_EXCEEDED("rate_limit_exceeded", 429, Kind.DENIED),
    CONCURRENCY_LIMIT_EXCEEDED("concurrency_limit_exceeded", 429, Kind.DENIED),
    BUDGET_EXHAUSTED("budget_exhausted", 429, Kind.DENIED),
    BUDGET_EXHAUSTED_MID_STREAM("budget_exhausted_mid_stream", 429, Kind.DENIED),
    BUDGET_UNAVAILABLE("budget_unavailable", 503, Kind.DENIED),
    POLICY_STALE("policy_stale", 503, Kind.DENIED),
    USAGE_BACKPRESSURE("usage_backpressure", 503, Kind.DENIED),
    OVERLOADED("overloaded", 503, Kind.DENIED),
    NODE_DRAINING("node_draining", 503, Kind.DENIED),
    NO_DEPLOYMENT_AVAILABLE("no_deployment_available", 503, Kind.FAILED),
    UPSTREAM_AUTH("upstream_auth", 502, Kind.FAILED),
    UPSTREAM_ERROR("upstream_error", 502, Kind.FAILED),
    UPSTREAM_CUT("upstream_cut", 502, Kind.FAILED),
    UPSTREAM_TIMEOUT("upstream_timeout", 504, Kind.FAILED),
    UPSTREAM_RATE_LIMITED("upstream_rate_limited", 429, Kind.FAILED),
    STALLED_CLIENT("stalled_client", 408, Kind.FAILED),
    INTERNAL_ERROR("internal_error", 500, Kind.FAILED);

    private final String text;
    private final int status;
    private final Kind kind;

    Code(String text, int status, Kind kind) {
      this.text = text;
      this.status = status;
      this.kind = kind;
    }

    /** The stable code that clients see. */
    public String text() {
      return text;
    }

    /** The HTTP status in OpenAI's dialect. */
    public int status() {
      return status;
    }

    public Kind kind() {
      return kind;
    }

    /** Whether the same request can succeed later without anybody changing anything. */
    public boolean worthRetrying() {
      return switch (this) {
        case RATE_LIMIT_EXCEEDED,
            CONCURRENCY_LIMIT_EXCEEDED,
            BUDGET_UNAVAILABLE,
            POLICY_STALE,
            USAGE_BACKPRESSURE,
            OVERLOADED,
            NODE_DRAINING,
            NO_DEPLOYMENT_AVAILABLE,
            UPSTREAM_RATE_LIMITED ->
            true;
        // After our own failover a retry of a generation may be billed again, so the client is told
        // not to do it by itself.
        case INVALID_API_KEY,
            KEY_EXPIRED,
            KEY_REVOKED,
            MODEL_NOT_FOUND,
            NOT_FOUND,
            MODEL_NOT_ALLOWED,
            RESIDENCY_DENIED,
            TAG_REQUIRED,
            UNKNOWN_PRICE,
            ORIGIN_NOT_ALLOWED,
            GUARD_BLOCKED,
            INVALID_REQUEST,
            UNSUPPORTED_FIELD,
            REQUEST_TOO_LARGE,
            PREVIOUS_RESPONSE_NOT_FOUND,
            STREAM_LIMIT_REACHED,
            CONNECTION_LIMIT_REACHED,
            BUDGET_EXHAUSTED,
            BUDGET_EXHAUSTED_MID_STREAM,
            UPSTREAM_AUTH,
            UPSTREAM_ERROR,
            UPSTREAM_CUT,
            UPSTREAM_TIMEOUT,
            STALLED_CLIENT,
            INTERNAL_ERROR ->
            false;
      };
    }
  }

  public static Refusal of(Code code, String message) {
    return new Refusal(code, message, Optional.empty(), OptionalLong.empty());
  }

  /** A refusal of one field of the request. */
  public static Refusal ofField(Code code, String param, String message) {
    return new Refusal(code, message, Optional.of(param), OptionalLong.empty());
  }

  /** A refusal that is over after a while. */
  public static Refusal retryable(Code code, String message, long retryAfterMillis) {
    return new Refusal(code, message, Optional.empty(), OptionalLong.of(retryAfterMillis));
  }

  /** Without the sentence: it may hold a provider's own words, which are for the client alone. */
  @Override
  public String toString() {
    return "Refusal[" + code.text() + param.map(field -> " " + field).orElse("") + "]";
  }

  /** Carries the refusal through a failed future. */
  public RefusedException toException() {
    return new RefusedException(this, code.text());
  }

  /** As {@link #toException()}, of a code that does not say all that the record should. */
  public RefusedException toException(String why) {
    return new RefusedException(this, code.text() + ": " + why);
  }
}
