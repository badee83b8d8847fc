package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.dialect.Dialect;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway takes from the head of a client's request; nothing else of it counts.
 *
 * @param credential an API key or a token, without the scheme around it; a secret
 */
public record Asked(Endpoint endpoint, @Nullable String credential, AnthropicHeaders anthropic) {

  private static final String BEARER = "Bearer ";

  public Asked {
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(anthropic, "anthropic");
  }

  /**
   * SDKs of one provider send the key in either header, by their age; where both are there, {@code
   * x-api-key} counts, as with Anthropic (API reference, "Authentication").
   */
  static Asked of(Endpoint endpoint, HttpServerRequest request) {
    String key = request.getHeader("x-api-key");
    return new Asked(
        endpoint,
        key == null ? bearer(request.getHeader("authorization")) : key,
        endpoint.dialect() == Dialect.ANTHROPIC_MESSAGES
            ? AnthropicHeaders.of(request)
            : AnthropicHeaders.NONE);
  }

  /** The same of a WebSocket's handshake, which may have the key among its subprotocols. */
  static Asked ofSocket(Endpoint endpoint, HttpServerRequest request) {
    SocketProtocols protocols = SocketProtocols.takeFrom(request);
    Asked asked = of(endpoint, request);
    return asked.credential() == null
        ? new Asked(endpoint, protocols.key().orElse(null), asked.anthropic())
        : asked;
  }

  private static @Nullable String bearer(@Nullable String header) {
    return header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? null
        : header.substring(BEARER.length()).trim();
  }

  @Override
  public String toString() {
    return "Asked[" + endpoint + "]";
  }
}
