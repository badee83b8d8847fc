package dev.penstock.uiapi.page;

import dev.penstock.uiapi.ConsoleConfig;
import dev.penstock.uiapi.problem.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Takes writes from the console's own pages alone. A foreign page can make a browser send a form
 * along with its cookies, but neither a header of its own nor another origin than its own. Cookies
 * do not go along with a foreign page's writes either ({@code SameSite=Lax}); that is the second
 * fence, for hosts that are of the same site and not ours.
 */
public final class SameOrigin {

  private static final String OWN_HEADER = "X-Requested-With";
  private static final String OWN_VALUE = "JavaScript";
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
  private static final int FORBIDDEN = 403;

  private final Optional<URI> consoleUrl;

  SameOrigin(ConsoleConfig config) {
    consoleUrl = config.consoleUrl();
  }

  /** Null lets the request go on. */
  @ServerRequestFilter(preMatching = true)
  public @Nullable Response require(ContainerRequestContext request) {
    if (READS.contains(request.getMethod())) {
      return null;
    }
    String origin = request.getHeaderString("Origin");
    String expected =
        consoleUrl
            .map(SameOrigin::origin)
            .orElseGet(() -> "http://" + request.getUriInfo().getRequestUri().getAuthority());
    if (OWN_VALUE.equals(request.getHeaderString(OWN_HEADER)) && expected.equals(origin)) {
      return null;
    }
    return Problem.of(
            FORBIDDEN,
            "Forbidden",
            "writes are taken from pages of %s alone (PENSTOCK_CONSOLE_URL)".formatted(expected))
        .response();
  }

  /** As browsers write it: the usual port is left out. */
  private static String origin(URI url) {
    int port = url.getPort();
    boolean usual = port == -1 || port == ("https".equals(url.getScheme()) ? 443 : 80);
    return url.getScheme() + "://" + url.getHost() + (usual ? "" : ":" + port);
  }
}
