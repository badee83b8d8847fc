package dev.penstock.dataplane.upstream;

import java.io.Serial;

/** A provider said no, or fell silent, before a byte of an answer had come. */
public final class ProviderFailure extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** How far the call had come. */
  public enum Kind {
    /** No connection. */
    CONNECT("connect"),
    /** The connection ended before the first byte. */
    CUT("cut"),
    /** Silence until the first-token timeout. */
    FIRST_TOKEN_TIMEOUT("first_token_timeout"),
    /** The circuit breaker did not let the call out. */
    CIRCUIT_OPEN("circuit_open"),
    /** The provider answered with a server error. */
    SERVER_ERROR("http_5xx"),
    /** The provider's answer is larger than a gateway should hold. */
    TOO_LARGE("too_large"),
    /** The provider's address is not one that may be called. */
    FORBIDDEN_ADDRESS("forbidden_address");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private final Kind kind;
  private final int status;
  private final String requestId;

  private ProviderFailure(Kind kind, int status, String requestId) {
    super(kind.text, null, false, false);
    this.kind = kind;
    this.status = status;
    this.requestId = requestId;
  }

  static ProviderFailure of(Kind kind) {
    return new ProviderFailure(kind, 0, "");
  }

  /**
   * The provider answered with a server error.
   *
   * @param requestId its own of the call; empty where it gives none
   */
  static ProviderFailure ofServer(int status, String requestId) {
    return new ProviderFailure(Kind.SERVER_ERROR, status, requestId);
  }

  public Kind kind() {
    return kind;
  }

  /** HTTP status, 0 where none came. */
  public int status() {
    return status;
  }

  /** The provider's own id of the call; empty where it gave none. */
  String requestId() {
    return requestId;
  }

  /** The word for it in an attempt's record. */
  String error() {
    return kind == Kind.SERVER_ERROR ? "http_" + status : kind.text;
  }
}
