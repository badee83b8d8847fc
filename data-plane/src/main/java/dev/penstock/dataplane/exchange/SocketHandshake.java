package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.exchange.Refusal.Code;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.List;

/**
 * What a client has to say to open a WebSocket (RFC 6455, section 4.2.1). Vert.x answers one that
 * says less in plain text, and then fails as if the fault were ours.
 */
final class SocketHandshake {

  private static final String VERSION_HEADER = "sec-websocket-version";
  private static final String VERSION = "13";

  private SocketHandshake() {}

  /** Whether nothing is missing in a request that asks for the upgrade. */
  static boolean isWhole(HttpServerRequest request) {
    List<String> connection = request.headers().getAll("connection");
    return connection.stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .anyMatch(token -> token.strip().equalsIgnoreCase("upgrade"))
        && VERSION.equals(request.getHeader(VERSION_HEADER))
        && request.getHeader("sec-websocket-key") != null;
  }

  /** Tells the client which version is spoken here; section 4.4. */
  static void nameVersion(HttpServerResponse response) {
    response.putHeader(VERSION_HEADER, VERSION);
  }

  static Refusal refusal() {
    return Refusal.of(
        Code.INVALID_REQUEST,
        "A WebSocket is opened with the headers connection: upgrade, %s: %s and sec-websocket-key."
            .formatted(VERSION_HEADER, VERSION));
  }
}
