package dev.penstock.uiapi.signin;

import dev.penstock.uiapi.ConsoleConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.impl.ServerCookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives the session's cookies the prefix with which browsers take them from this host alone, over
 * TLS alone: a neighbour under the same domain can then not plant a session of its own. The names
 * are not ours to configure, so they are changed at the door, in both directions.
 */
@Singleton
class HostCookies {

  private static final String PREFIX = "__Host-";

  /**
   * Where {@code OidcUtils} has its names from: the session, its parts, and a sign-in under way.
   */
  private static final Pattern OURS = Pattern.compile("q_(session|auth|post_logout).*");

  private static final Pattern COMING = Pattern.compile("__Host-(?=q_)");
  private static final Pattern UNPROTECTED = Pattern.compile("(^|; ?)q_[^;]*");
  private static final int FIRST = 500;

  private final boolean secure;

  HostCookies(ConsoleConfig config) {
    secure = config.isSecure();
  }

  void register(@Observes Filters filters) {
    if (secure) {
      filters.register(HostCookies::handle, FIRST);
    }
  }

  private static void handle(RoutingContext request) {
    @Nullable String cookies = request.request().headers().get(HttpHeaders.COOKIE);
    if (cookies != null) {
      String protectedOnes = UNPROTECTED.matcher(cookies).replaceAll("$1");
      request
          .request()
          .headers()
          .set(HttpHeaders.COOKIE, COMING.matcher(protectedOnes).replaceAll(""));
    }
    request.addHeadersEndHandler(ending -> rename(request));
    request.next();
  }

  private static void rename(RoutingContext request) {
    Set<Cookie> all = request.request().cookies();
    for (Cookie cookie : new ArrayList<>(all)) {
      if (cookie instanceof ServerCookie changed
          && changed.isChanged()
          && OURS.matcher(cookie.getName()).matches()) {
        changed.setChanged(false); // so that it does not go out under this name as well
        Cookie renamed =
            Cookie.cookie(PREFIX + cookie.getName(), cookie.getValue())
                .setPath("/")
                .setSecure(true)
                .setHttpOnly(true)
                .setSameSite(cookie.getSameSite());
        if (cookie.getMaxAge() != Long.MIN_VALUE) {
          renamed.setMaxAge(cookie.getMaxAge());
        }
        request.response().headers().add(HttpHeaders.SET_COOKIE, renamed.encode());
      }
    }
  }
}
