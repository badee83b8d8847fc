package dev.penstock.dataplane.exchange;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a WebSocket is opened from. A browser lets any page open one to any host and asks nobody;
 * it only names the page's origin (RFC 6455, section 10.2). Other clients send no such header.
 */
final class SocketOrigin {

  private SocketOrigin() {}

  /** Whether the request comes from a page of another host than the one it asks. */
  static boolean isForeign(HttpServerRequest request) {
    String origin = request.getHeader("origin");
    return origin != null && !isOf(origin, request.authority());
  }

  private static boolean isOf(String origin, @Nullable HostAndPort asked) {
    try {
      URI page = new URI(origin);
      // Whether the client came over TLS is known to who ended it, and to the page's scheme.
      int usual = usualPort(page.getScheme());
      return asked != null
          && page.getHost() != null
          && usual > 0
          && page.getHost().equalsIgnoreCase(asked.host())
          && port(page.getPort(), usual) == port(asked.port(), usual);
    } catch (URISyntaxException noOrigin) {
      return false;
    }
  }

  private static int port(int named, int usual) {
    return named > 0 ? named : usual;
  }

  private static int usualPort(@Nullable String scheme) {
    return switch (scheme == null ? "" : scheme.toLowerCase(Locale.ROOT)) {
      case "http" -> 80;
      case "https" -> 443;
      default -> -1;
    };
  }
}
