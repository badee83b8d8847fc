package dev.penstock.dataplane.exchange;

import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The subprotocols that a client offers with a WebSocket (RFC 6455, section 11.3.4). A browser can
 * set no other header, so OpenAI's SDKs put the key there: it is taken out before anything else
 * sees the offer, and the rest is what may be selected. Holds a secret.
 *
 * @param key what stands after the mark of a key
 * @param offered what the gateway may select, in the client's order
 */
record SocketProtocols(Optional<String> key, List<String> offered) {

  private static final String HEADER = "sec-websocket-protocol";

  /** What OpenAI's SDKs put before a key. */
  private static final String KEY = "openai-insecure-api-key.";

  /** Of an organisation, a project or a version: said to OpenAI, and none of them a protocol. */
  private static final String OPENAI = "openai-";

  /** Takes the offer out of a request, and leaves there what may be selected. */
  static SocketProtocols takeFrom(HttpServerRequest request) {
    List<String> all =
        request.headers().getAll(HEADER).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .filter(protocol -> !protocol.isEmpty())
            .toList();
    SocketProtocols protocols =
        new SocketProtocols(
            all.stream()
                .filter(protocol -> protocol.startsWith(KEY))
                .map(protocol -> protocol.substring(KEY.length()))
                .findFirst(),
            all.stream().filter(protocol -> !protocol.startsWith(OPENAI)).toList());
    request.headers().remove(HEADER);
    if (!protocols.offered().isEmpty()) {
      request.headers().set(HEADER, String.join(",", protocols.offered()));
    }
    return protocols;
  }

  @Override
  public String toString() {
    return "SocketProtocols" + offered;
  }
}
