package dev.penstock.uiapi.signin;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks the provider for one organization where somebody has chosen one. A token that names several
 * gives no role at any, because it does not say which role belongs to which.
 *
 * <p>Scopes are part of a provider's description, which is one for all requests; so the address
 * that the browser is sent to is corrected on its way out.
 */
@Singleton
class ScopeChoice {

  private static final Pattern SCOPE = Pattern.compile("([?&]scope=)[^&]*");
  private static final int BEFORE_AUTHENTICATION = 400;

  void register(@Observes Filters filters) {
    filters.register(ScopeChoice::handle, BEFORE_AUTHENTICATION);
  }

  private static void handle(RoutingContext request) {
    if (SignInResource.SIGNED_IN.equals(request.normalizedPath())) {
      String chosen = request.request().getParam(SignInResource.ORGANIZATION);
      if (chosen != null && SignInResource.NAME.matcher(chosen).matches()) {
        request.addHeadersEndHandler(ending -> choose(request, chosen));
      }
    }
    request.next();
  }

  private static void choose(RoutingContext request, String organization) {
    @Nullable String location = request.response().headers().get(HttpHeaders.LOCATION);
    if (location != null && location.contains("response_type=code")) {
      request
          .response()
          .headers()
          .set(
              HttpHeaders.LOCATION,
              SCOPE.matcher(location).replaceFirst("$1openid%20organization%3A" + organization));
    }
  }
}
